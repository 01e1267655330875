// What a page does beyond links and forms, which work without it: forms without a new page, what changes as it changes,
// and keys. Everything that is shown was made by the server.
'use strict';
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const kept = (store, key, value) => value === undefined ? store.getItem(key) : store.setItem(key, value);
const parse = (html) => new DOMParser().parseFromString(`<table>${html}</table>`, 'text/html');
const elements = (html) => /^\s*<tr[\s>]/.test(html) ? $$('tr[id]', parse(html)) : [...new DOMParser().parseFromString(html, 'text/html').body.children];

// Forms: the answer is a page like any other. What it has instead of `main` takes its place.
async function post(form, button) {
  const fields = new URLSearchParams(new FormData(form, button));
  // A form that a stream brought does not know where it stands.
  if (fields.has('back')) fields.set('back', location.pathname + location.search);
  button?.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(button?.getAttribute('formaction') || form.getAttribute('action'), { method: 'POST', body: fields });
    show(await answer.text(), answer.url, answer.redirected);
  } catch {
    say('The server did not answer. Nothing was lost: try again.', 'bad');
  } finally {
    button?.removeAttribute('aria-busy');
  }
}
function show(html, address, wasRedirected) {
  const page = new DOMParser().parseFromString(html, 'text/html'), main = $('main', page);
  const target = new URL(address);
  if (!main || $('main').className !== main.className) return location.assign(wasRedirected ? target : location.href);
  carry($('main'), main);
  if (wasRedirected && target.href !== location.href) history.pushState(null, '', target);
  document.title = page.title;
  $('main').replaceWith(main);
  for (const link of $$('.side nav a')) link.toggleAttribute('aria-current', !!$(`.side nav a[href="${link.getAttribute('href')}"][aria-current]`, page));
  document.body.dataset.stream = page.body.dataset.stream || '';
  follow();
  listen();
  $('main').focus({ preventScroll: true });
}
// What somebody wrote, and has not sent, stays when its place is made anew.
const isWritten = (field) => field.matches('select') ? [...field.options].some((one) => one.selected !== one.defaultSelected) : field.value !== field.defaultValue;
function carry(from, to) {
  for (const field of $$('input:not([type=hidden], [type=checkbox]), textarea, select', from)) {
    if (!field.form || field.form.matches('[data-sent]') || !isWritten(field)) continue;
    const same = (one) => one.form?.getAttribute('action') === field.form.getAttribute('action');
    const next = $$(`[name="${CSS.escape(field.name)}"]`, to).find(same);
    if (next) next.value = field.value;
  }
}
function say(text, tone) {
  const line = Object.assign(document.createElement('p'), { className: `strip ${tone}`, textContent: text });
  $('#notice').replaceChildren(line);
}
addEventListener('submit', (event) => {
  const form = event.target, button = event.submitter;
  if (form.method !== 'post') return;
  event.preventDefault();
  if (button?.dataset.confirm && !confirm(button.dataset.confirm)) return;
  form.setAttribute('data-sent', '');
  post(form, button).finally(() => form.removeAttribute('data-sent'));
});
addEventListener('popstate', () => location.reload());

// The stream: one a tab, and none in a tab that nobody sees. `patch` replaces elements by their ids, `append` adds to a list.
let stream, last = '';
const isLive = () => kept(sessionStorage, 'live') !== 'no';
function listen() {
  stream?.close();
  stream = undefined;
  const path = document.body.dataset.stream, button = $('#live');
  if (!button) return;
  button.hidden = !path;
  if (!path || !isLive() || document.hidden) return state(path && !isLive() ? 'held' : '');
  stream = new EventSource(last ? `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(last)}` : path);
  stream.onopen = () => state('live');
  stream.onerror = () => state('lost');
  const on = (name, act) => stream.addEventListener(name, (event) => { last = event.lastEventId || last; act(event.data); });
  on('patch', (html) => elements(html).forEach(patch));
  on('append', (html) => elements(html).forEach(append));
  on('reset', () => location.reload());
}
function state(name) {
  const button = $('#live'), words = { live: 'Live', lost: 'Reconnecting', held: 'Held' };
  button.dataset.state = name;
  button.setAttribute('aria-pressed', String(name !== 'held'));
  $('span', button).textContent = words[name] || 'Live';
}
// Nothing changes under a pointer that is down or in a field that somebody is in: what came meanwhile waits.
const waiting = new Map();
let isPressed = false;
function patch(element) { waiting.set(element.id, element); flush(); }
function flush() {
  for (const [id, element] of isPressed ? [] : waiting) {
    const old = document.getElementById(id), at = document.activeElement;
    if (old?.contains(at) && at.matches('input:not([type=checkbox]), textarea, select')) continue;
    waiting.delete(id);
    if (old && old.outerHTML !== element.outerHTML) replace(old, element, at);
  }
}
function replace(old, element, at) {
  carry(old, element);
  for (const box of $$('input[type=checkbox]:checked', old)) $$('input[type=checkbox]', element).filter((one) => one.value === box.value).forEach((one) => { one.checked = true; });
  for (const open of $$('details[id]', old)) $(`#${CSS.escape(open.id)}`, element)?.toggleAttribute('open', open.open);
  const place = old.contains(at) ? $$('a, button, summary', old).indexOf(at) : -1, isAt = old.classList.contains('at');
  old.replaceWith(element);
  element.classList.toggle('at', isAt);
  if (place >= 0) $$('a, button, summary', element)[place]?.focus({ preventScroll: true });
}
addEventListener('pointerdown', () => { isPressed = true; });
for (const name of ['pointerup', 'pointercancel']) addEventListener(name, () => setTimeout(() => { isPressed = false; flush(); }, 50));
addEventListener('focusout', () => setTimeout(flush));
// Lines that come at once are laid out once.
const arrived = [], mostLines = 2000;
function append(element) { if (arrived.push(element) === 1) requestAnimationFrame(addLines); }
function addLines() {
  for (const element of arrived.splice(0)) {
    const list = document.getElementById(element.dataset.into);
    if (!list || document.getElementById(element.id)) continue;
    list.dataset.atEnd ??= String(list.scrollHeight - list.scrollTop - list.clientHeight < 40);
    list.append(element);
    if (list.children.length > mostLines) list.firstElementChild.remove();
  }
  for (const list of $$('[data-at-end]')) {
    if (list.dataset.atEnd === 'true') list.scrollTop = list.scrollHeight;
    delete list.dataset.atEnd;
  }
}
function follow() { for (const list of $$('[data-follow]')) list.scrollTop = list.scrollHeight; }
addEventListener('visibilitychange', listen);
addEventListener('pagehide', () => stream?.close());
addEventListener('pageshow', (event) => event.persisted && listen());
function toggleLive() {
  kept(sessionStorage, 'live', isLive() ? 'no' : 'yes');
  if (isLive() && !last) location.reload(); else listen();
}

// Times that stay true.
function ago(date) {
  const seconds = (Date.now() - date) / 1000, size = Math.abs(seconds);
  if (size >= 30 * 86400) return date.toISOString().slice(0, 10);
  const [unit, name] = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']].find(([unit]) => size >= unit) || [1, 's'];
  const text = `${Math.floor(size / unit)} ${name}`;
  return size < 1.5 ? 'now' : seconds < 0 ? `in ${text}` : `${text} ago`;
}
setInterval(() => { if (!document.hidden) for (const time of $$('time[data-ago]')) time.textContent = ago(new Date(time.dateTime)); }, 5000);

// Keys.
let isGoing = false;
function move(step) {
  const rows = $$('[data-row]'), at = rows.findIndex((row) => row.matches('.at'));
  rows[at]?.classList.remove('at');
  const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  row?.classList.add('at');
  row?.scrollIntoView({ block: 'nearest' });
}
const keys = {
  '/': () => $('[data-search]')?.focus(), n: () => $('[data-key-single=n]')?.click(), '.': toggleLive,
  j: () => move(1), k: () => move(-1), x: () => $('.at input[type=checkbox]')?.click(), '?': () => $('#keys')?.showModal(),
  Enter: () => $('.at a')?.click(), g: () => { isGoing = true; setTimeout(() => { isGoing = false; }, 1200); },
};
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || kept(localStorage, 'keys') === 'no' || $('dialog[open]')) return;
  if (event.target.matches('input:not([type=checkbox]), textarea, select') || (event.key === 'Enter' && event.target !== document.body && event.target.id !== 'main')) return;
  const act = isGoing ? () => $(`[data-key="${CSS.escape(event.key)}"]`)?.click() : keys[event.key];
  if (!act) return;
  event.preventDefault();
  if (isGoing) isGoing = false;
  act();
});
$('#live')?.addEventListener('click', toggleLive);
const help = $('#show-keys'), use = $('#use-keys');
if (help) {
  help.hidden = false;
  help.addEventListener('click', () => $('#keys').showModal());
  use.checked = kept(localStorage, 'keys') !== 'no';
  use.addEventListener('change', () => kept(localStorage, 'keys', use.checked ? 'yes' : 'no'));
}
$('.side nav a[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
follow();
listen();
