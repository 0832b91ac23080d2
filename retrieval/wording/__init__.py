"""From words to terms: what people type into a text box, in English and Japanese, as values of a catalog's attributes.

    words = vocabulary(catalog.attributes, names)       # once for a catalog: its own words and those of vocabulary.csv
    asked = understand("V-neck, long sleeves, not navy", words)
    asked.terms      # ValueTerm(attribute, value, sign, weight, words, span, others, misspelled), …
    asked.unknown    # Unknown(words, span, suggestions), …

It reads in one sitting: `understanding` → `scan` (known words, longest first) → `mend` (misspelled ones) → `meaning`
(which attribute) → `signs` (not, mostly). There is no language model: what is not in `vocabulary.csv`, which anyone can
edit in a spreadsheet, or in the catalog is said to be unknown.
"""

from retrieval.wording.alike import Suggestion
from retrieval.wording.file import VOCABULARY
from retrieval.wording.understanding import LONGEST, Understood, Unknown, ValueTerm, understand
from retrieval.wording.vocabulary import Name, Vocabulary, vocabulary

__all__ = [
    "LONGEST",
    "VOCABULARY",
    "Name",
    "Suggestion",
    "Understood",
    "Unknown",
    "ValueTerm",
    "Vocabulary",
    "understand",
    "vocabulary",
]
