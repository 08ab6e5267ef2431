"""What extensions and browsers do to a page while somebody uses it, as JavaScript functions."""

__all__ = ["DARK_MODE", "TRANSLATOR"]

# As the translators of Chrome and Google: each text node gives way to two <font> elements, again
# whenever the page changes. The words stay, so that a story can go on.
TRANSLATOR = r"""() => {
  const own = 'script, style, textarea, font, [translate=no]';
  const translate = (node) => {
    if (node.data.trim() === '' || !node.parentElement || node.parentElement.closest(own)) return;
    const [outer, inner] = [document.createElement('font'), document.createElement('font')];
    inner.textContent = node.data;
    outer.append(inner);
    node.replaceWith(outer);
  };
  const all = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return translate(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    found.forEach(translate);
  };
  all(document.body);
  const change = ({ type, target, addedNodes }) =>
    type === 'characterData' ? translate(target) : addedNodes.forEach(all);
  new MutationObserver((records) => records.forEach(change))
    .observe(document.body, { subtree: true, childList: true, characterData: true });
  document.documentElement.classList.add('translated-ltr');
}"""

# As Dark Reader: attributes and properties on every element, and again after each change.
DARK_MODE = r"""() => {
  const paint = (element) => {
    if (!element.style || element.style.getPropertyValue('--darkreader-inline-color')) return;
    element.setAttribute('data-darkreader-inline-color', '');
    element.style.setProperty('--darkreader-inline-color', '#e8e6e3');
  };
  const all = (root) => {
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    [root, ...root.querySelectorAll('*')].forEach(paint);
  };
  all(document.documentElement);
  const change = ({ target, addedNodes }) => (paint(target), addedNodes.forEach(all));
  new MutationObserver((records) => records.forEach(change)).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ['style', 'class'],
  });
}"""
