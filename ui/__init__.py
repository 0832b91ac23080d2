"""The page that people see: tabs, events, words (English and Japanese), and the endpoints for programs."""
