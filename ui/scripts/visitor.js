// Put into the page only where the browser sent no key with it. When its calls bring the cookie that came with the page,
// this does nothing; otherwise a key of the browser's own goes with every call to this server, as a header.
(() => {
  const NAME = 'lapel_visitor';
  const root = new URL('.', location.href);
  const plain = window.fetch.bind(window);
  let key = null;

  const make = () => {
    const letters = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24)));
    return btoa(letters).replaceAll('+', '-').replaceAll('/', '_');
  };
  function keep(wanted) {
    key = wanted;
    try {
      localStorage.setItem(NAME, key);
    } catch (error) {
      // the browser keeps nothing for us: the key lasts as long as the page
    }
  }
  function kept() {
    try {
      return localStorage.getItem(NAME);
    } catch (error) {
      return null;
    }
  }
  const ready = plain(new URL('v1/visitor', root))
    .then((answer) => answer.json())
    .then(({ public: asked, cookie }) => { if (asked && !cookie) keep(kept() ?? make()); })
    .catch(() => {});

  window.lapelVisitor = async () => {
    await ready;
    return key ? { 'X-Lapel-Visitor': key } : {};
  };
  window.fetch = async (input, options) => {
    const url = new URL(input instanceof Request ? input.url : input, document.baseURI);
    if (url.origin !== location.origin) return plain(input, options);
    await ready;
    if (!key) return plain(input, options);
    const request = new Request(input, options);
    request.headers.set('X-Lapel-Visitor', key);
    const answer = await plain(request);
    if (url.pathname.endsWith('/v1/erase') && answer.ok) keep(make());
    return answer;
  };
})();
