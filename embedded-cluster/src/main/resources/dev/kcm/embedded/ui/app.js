// The page: reads the stream, keeps the objects, and draws what has changed, at most ten times a
// second. Text from the cluster only ever becomes text of elements, never markup.

import * as state from '/ui/state.js';

const MOST_ROWS = 200;
const DRAW_MILLIS = 100;
const AGE_MILLIS = 1000;

const byId = (id) => document.getElementById(id);
const objects = new Map();
let terms = [];
let drawing = false;
let synced = false;

const all = (resource) => [...(objects.get(resource) || new Map()).values()];

// ---- the key of the visitor: out of the address at once, kept for reloads of this tab

function key() {
  const given = location.hash.slice(1);
  if (given) {
    sessionStorage.setItem('key', given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem('key') || '';
}

// ---- the stream

async function follow() {
  for (;;) {
    let wait = 1000;
    try {
      const answer = await fetch('/ui/stream', { headers: { Authorization: 'Bearer ' + key() }, cache: 'no-store' });
      if (!answer.ok) {
        connection('bad', 'not connected');
        notice((await answer.text()).trim());
        wait = 5000;
      } else {
        notice('');
        await read(answer.body.getReader());
      }
    } catch (gone) {
      connection('bad', 'disconnected');
    }
    synced = false;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function read(reader) {
  const decoder = new TextDecoder();
  const fresh = new Map();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return connection('bad', 'disconnected');
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop();
    for (const line of lines) if (line) take(JSON.parse(line), fresh);
    if (synced) draw();
  }
}

/** Until all of the state is there, the page goes on showing what it knew before. */
function take(frame, fresh) {
  if (frame.type === 'SYNCED') {
    objects.clear();
    fresh.forEach((value, resource) => objects.set(resource, value));
    synced = true;
    connection('ok', 'live');
    return;
  }
  const into = synced ? objects : fresh;
  if (!into.has(frame.resource)) into.set(frame.resource, new Map());
  const known = into.get(frame.resource);
  if (frame.type === 'DELETED') known.delete(state.idOf(frame.object));
  else known.set(state.idOf(frame.object), frame.object);
  if (frame.resource === 'leases') noteTerm(frame.object);
}

function connection(mood, words) {
  byId('connection').className = 'pill ' + mood;
  byId('connection').textContent = words;
}

function notice(words) {
  byId('notice').hidden = !words;
  byId('notice').textContent = words;
}

// ---- drawing

function draw() {
  if (drawing) return;
  drawing = true;
  setTimeout(() => {
    drawing = false;
    drawNamespaces();
    drawLeader();
    drawTotals();
    drawNodes();
    drawWorkloads();
    drawPods();
    drawEvents();
  }, DRAW_MILLIS);
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

function setClass(target, className) {
  if (target.className !== className) target.className = className;
}

/** Brings the children of an element in line with items, keeping elements of those that stay. */
function keyed(parent, items, keyOf, make, fill) {
  const before = parent.kept || new Map();
  const now = new Map();
  let place = parent.firstElementChild;
  for (const item of items) {
    const id = keyOf(item);
    let child = before.get(id);
    if (child) before.delete(id);
    else child = make(item);
    fill(child, item);
    now.set(id, child);
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
  before.forEach((child) => child.remove());
  parent.kept = now;
}

function shown(object) {
  const namespace = byId('namespace').value;
  const search = byId('search').value.trim().toLowerCase();
  return (!namespace || object.metadata.namespace === namespace)
    && (!search || object.metadata.name.toLowerCase().includes(search));
}

const byName = (a, b) => (state.fullName(a) < state.fullName(b) ? -1 : 1);
const newestFirst = (a, b) =>
  (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1
    : a.metadata.creationTimestamp > b.metadata.creationTimestamp ? -1 : byName(a, b));

function drawNamespaces() {
  const names = new Set();
  for (const resource of ['pods', ...state.WORKLOADS]) for (const one of all(resource)) names.add(one.metadata.namespace);
  const select = byId('namespace');
  names.add(select.value);
  names.delete('');
  const options = ['', ...[...names].sort()];
  keyed(select, options, (name) => name, (name) => {
    const option = element('option', '', name || 'all');
    option.value = name;
    return option;
  }, () => {});
}

// ---- who leads

/** The page remembers who led while it looked. */
function noteTerm(lease) {
  const holder = state.at(lease, 'spec.holderIdentity') || '';
  const last = terms[terms.length - 1];
  if (!last || last.holder !== holder) {
    terms.push({ holder, since: Date.parse(state.at(lease, 'spec.acquireTime')) || Date.now() });
    terms = terms.slice(-6);
  }
}

function drawLeader() {
  const lease = all('leases')[0];
  const identity = (lease && state.at(lease, 'spec.holderIdentity')) || '';
  const parts = state.holderParts(identity);
  setText(byId('holder-host'), identity ? parts.host : 'nobody');
  setText(byId('holder-short'), parts.id.slice(0, 8));
  setClass(byId('holder'), identity ? 'holder' : 'holder bad');
  setText(byId('holder-id'), identity);
  const left = lease && identity
    ? state.at(lease, 'spec.leaseDurationSeconds') * 1000 - (Date.now() - Date.parse(state.at(lease, 'spec.renewTime')))
    : 0;
  const share = left > 0 ? Math.min(1, left / (state.at(lease, 'spec.leaseDurationSeconds') * 1000)) : 0;
  byId('lease-left').style.width = (share * 100).toFixed(1) + '%';
  setClass(byId('lease-left'), share > 0.5 ? 'ok' : share > 0 ? 'wait' : 'bad');
  setText(byId('lease-text'), !identity ? 'the Lease is free'
    : left > 0 ? `Lease good for ${(left / 1000).toFixed(1)} s, ${state.at(lease, 'spec.leaseTransitions')} transitions`
      : 'the Lease has run out');
  keyed(byId('terms'), terms.map((term, index) => ({ ...term, until: terms[index + 1] && terms[index + 1].since }))
    .reverse(), (term) => term.holder + term.since, () => element('li', 'mono'), (item, term) => {
    const who = term.holder ? state.holderParts(term.holder).id.slice(0, 8) || term.holder : 'nobody';
    setText(item, `${new Date(term.since).toLocaleTimeString()}  ${who}${term.until ? '' : '  leads now'}`);
  });
}

// ---- totals, nodes

function drawTotals() {
  const nodes = all('nodes');
  const moods = { ok: 0, wait: 0, bad: 0, done: 0, going: 0 };
  const pods = all('pods').filter(shown);
  for (const pod of pods) moods[state.podMood(pod)]++;
  setText(byId('total-nodes'), `${nodes.filter(state.nodeReady).length}/${nodes.length}`);
  setText(byId('total-pods'), String(pods.length));
  setText(byId('total-running'), String(moods.ok));
  setText(byId('total-waiting'), String(moods.wait + moods.going));
  setText(byId('total-failing'), String(moods.bad));
}

function drawNodes() {
  const podsByNode = new Map();
  for (const pod of all('pods').sort(newestFirst).reverse()) {
    const name = state.at(pod, 'spec.nodeName') || '';
    if (!podsByNode.has(name)) podsByNode.set(name, []);
    podsByNode.get(name).push(pod);
  }
  const nodes = all('nodes').sort((a, b) =>
    a.metadata.name.localeCompare(b.metadata.name, 'en', { numeric: true }));
  const lanes = nodes.map((node) => ({ name: node.metadata.name, node }));
  if (podsByNode.has('')) lanes.unshift({ name: '' });
  keyed(byId('nodes'), lanes, (lane) => lane.name, makeNode, (card, lane) =>
    fillNode(card, lane, podsByNode.get(lane.name) || []));
}

function makeNode() {
  const card = element('div', 'node');
  const head = element('div', 'node-head');
  head.append(element('b'), element('span', 'pill'), element('span', 'dim mono'));
  card.append(head, element('div', 'taints'), element('div', 'pods'));
  return card;
}

function fillNode(card, { name, node }, pods) {
  const [head, taints, squares] = card.children;
  const [title, status, facts] = head.children;
  setText(title, name || 'without a node');
  if (node) {
    const words = state.nodeStatus(node);
    setText(status, words);
    setClass(status, 'pill ' + (words === 'Ready' ? 'ok' : state.nodeReady(node) ? 'wait' : 'bad'));
    setText(facts, `${state.nodeAddress(node)}  ${pods.length}/${state.at(node, 'status.allocatable.pods') || '?'} pods`);
    const keys = (state.at(node, 'spec.taints') || []).map((taint) => `${taint.key}:${taint.effect}`);
    setText(taints, keys.join('  '));
    setClass(card, 'node' + (state.nodeReady(node) ? '' : ' down'));
  } else {
    setText(status, 'unscheduled');
    setClass(status, 'pill wait');
    setText(facts, `${pods.length} pods`);
    setClass(card, 'node lane');
  }
  keyed(squares, pods, state.idOf, () => element('i'), (square, pod) => {
    setClass(square, state.podMood(pod) + (shown(pod) ? '' : ' faint'));
    const words = `${state.fullName(pod)}\n${state.podStatus(pod)} ${state.podWhy(pod)}`.trim();
    if (square.title !== words) square.title = words;
  });
}

// ---- tables

function row(cells) {
  const made = element('tr');
  for (const className of cells) made.append(element('td', className));
  return made;
}

function table(id, items, keyOf, cells, fill) {
  const body = document.querySelector(`#${id} tbody`);
  keyed(body, items.slice(0, MOST_ROWS), keyOf, () => row(cells), (line, item) => fill(line.children, item, line));
  const count = items.length > MOST_ROWS ? `${items.length}, the first ${MOST_ROWS} shown` : items.length ? String(items.length) : '';
  setText(byId(id + '-count'), count);
  body.closest('.card').classList.toggle('is-empty', items.length === 0);
}

function setAge(cell, object) {
  cell.dataset.since = Date.parse(object.metadata.creationTimestamp);
  setText(cell, state.age(Date.now() - cell.dataset.since));
}

function drawWorkloads() {
  const items = state.WORKLOADS.flatMap((resource) => all(resource).filter(shown).sort(byName)
    .map((object) => ({ object, ...state.workload(resource, object) })));
  table('workloads', items, (item) => state.idOf(item.object), ['name', 'progress', 'mono dim clip', 'num'],
    ([name, progress, image, created], item) => {
      if (!name.children.length) name.append(element('span'), element('small', 'dim'));
      setText(name.children[0], state.fullName(item.object));
      setText(name.children[1], item.kind);
      if (!progress.children.length) {
        progress.append(element('div', 'bar'), element('span'));
        progress.children[0].append(element('div'));
      }
      const share = item.wanted ? Math.min(1, item.ready / item.wanted) : 1;
      const fill = progress.children[0].children[0];
      fill.style.width = share * 100 + '%';
      setClass(fill, item.ready === item.wanted ? 'ok' : 'wait');
      setText(progress.children[1], `${item.ready}/${item.wanted}`);
      setText(image, item.images);
      setAge(created, item.object);
    });
}

function drawPods() {
  const troubleFirst = (a, b) => (state.podMood(b) === 'bad') - (state.podMood(a) === 'bad') || newestFirst(a, b);
  table('pods', all('pods').filter(shown).sort(troubleFirst), state.idOf,
    ['name', '', 'num', 'num', 'mono', 'mono dim', 'num'],
    ([name, status, ready, restarts, node, ip, created], pod, line) => {
      const counts = state.podContainers(pod);
      const mood = state.podMood(pod);
      setText(name, state.fullName(pod));
      setText(status, state.podStatus(pod));
      setClass(status, 'mood ' + mood);
      status.title = state.podWhy(pod);
      setText(ready, `${counts.ready}/${counts.all}`);
      setText(restarts, String(counts.restarts));
      setText(node, state.at(pod, 'spec.nodeName') || '');
      setText(ip, state.at(pod, 'status.podIP') || '');
      setAge(created, pod);
      setClass(line, mood === 'going' ? 'going' : '');
    });
}

function drawEvents() {
  const items = all('events').filter((event) => {
    const about = event.involvedObject || {};
    const namespace = byId('namespace').value;
    const search = byId('search').value.trim().toLowerCase();
    return (!namespace || about.namespace === namespace) && (!search || (about.name || '').toLowerCase().includes(search));
  }).sort((a, b) => state.eventTime(b) - state.eventTime(a) || byName(b, a));
  table('events', items, state.idOf, ['num', '', 'name', 'message', 'dim'],
    ([seen, reason, about, message, from], event) => {
      seen.dataset.since = state.eventTime(event);
      setText(seen, state.age(Date.now() - seen.dataset.since));
      setText(reason, event.reason || '');
      setClass(reason, event.type === 'Warning' ? 'mood bad' : 'mood');
      setText(about, `${state.at(event, 'involvedObject.kind') || ''} ${state.at(event, 'involvedObject.name') || ''}`);
      setText(message, (event.message || '') + (event.count > 1 ? `  (${event.count} times)` : ''));
      setText(from, state.at(event, 'source.component') || event.reportingComponent || '');
    });
}

// ---- time passes

setInterval(() => {
  if (!synced) return;
  drawLeader();
}, DRAW_MILLIS * 2);

setInterval(() => {
  for (const cell of document.querySelectorAll('td[data-since]')) setText(cell, state.age(Date.now() - cell.dataset.since));
}, AGE_MILLIS);

byId('namespace').addEventListener('change', draw);
byId('search').addEventListener('input', draw);
follow();
