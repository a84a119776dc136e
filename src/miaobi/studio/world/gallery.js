'use strict';
const viewer = document.querySelector('dialog');
for (const button of document.querySelectorAll('figure button')) {
  button.addEventListener('click', () => {
    const picture = viewer.querySelector('img');
    const own = button.querySelector('img');
    picture.src = own.src;
    picture.alt = own.alt;
    viewer.showModal();
  });
}
viewer.addEventListener('click', () => viewer.close());
const links = new Map([...document.querySelectorAll('.parts a')].map(a => [a.hash.slice(1), a]));
const here = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    links.forEach(a => a.removeAttribute('aria-current'));
    links.get(entry.target.id)?.setAttribute('aria-current', 'true');
  }
}, { rootMargin: '-30% 0px -60% 0px' });
document.querySelectorAll('main section').forEach(section => here.observe(section));
