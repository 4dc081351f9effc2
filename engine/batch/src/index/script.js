'use strict';
const table = document.getElementById('all');
const body = table.tBodies[0];
const heads = Array.from(table.tHead.rows[0].cells);
const rows = Array.from(body.rows);
const value = (row, at) => row.cells[at].dataset.value ?? row.cells[at].textContent.trim();
const compare = (one, other) => {
  if (one === '' || other === '') return (one === '') - (other === '');
  const numbers = [Number(one), Number(other)];
  return numbers.every(Number.isFinite) ? numbers[0] - numbers[1] : one.localeCompare(other, 'en', { numeric: true });
};
heads.forEach((head, at) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener('click', () => {
    const down = head.getAttribute('aria-sort') === 'ascending';
    heads.forEach((other) => other.removeAttribute('aria-sort'));
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const sorted = rows.slice().sort((one, other) => {
      const order = compare(value(one, at), value(other, at));
      return down && value(one, at) !== '' && value(other, at) !== '' ? -order : order;
    });
    body.append(...sorted);
  });
});
const filter = document.getElementById('filter');
const shown = document.getElementById('shown');
filter.closest('p').hidden = false;
filter.addEventListener('input', () => {
  const words = filter.value.toLowerCase().split(' ').filter(Boolean);
  let count = 0;
  rows.forEach((row) => {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    count += row.hidden ? 0 : 1;
  });
  shown.textContent = words.length ? count + ' of ' + rows.length : '';
});
