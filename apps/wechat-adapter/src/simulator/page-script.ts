/** Runs on the page, where `words` is defined. Plain: there is no build for it. */
export const pageScript = String.raw`
const at = (id) => document.getElementById(id);
const [account, who, lines, deeds, form, text] = ['account', 'who', 'lines', 'deeds', 'form', 'text'].map(at);
let accounts = [];
let shown = '';

const place = () => '/simulator/' + account.value + '/' + encodeURIComponent(who.value);
const made = (name, content) => Object.assign(document.createElement(name), { textContent: content });

async function act(deed) {
  if (!account.value || !who.checkValidity()) return who.reportValidity();
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(deed) };
  await fetch(place(), request).catch(() => undefined);
  await look();
}

function bubble(line) {
  const kind = words.types[line.type] ?? words.deeds[line.type];
  const item = made('li', [kind && '[' + kind + ']', line.text].filter(Boolean).join(' '));
  if (line.mine) item.className = 'mine';
  if (line.answer && line.answer !== 'acknowledged') item.append(made('small', words.again));
  for (const choice of line.items ?? []) {
    const button = made('button', choice.text);
    button.onclick = () => act({ type: 'text', text: choice.text, menuId: choice.id });
    item.append(button);
  }
  return item;
}

async function look() {
  if (!account.value || !who.checkValidity()) return;
  const answer = await fetch(place()).catch(() => undefined);
  if (!answer?.ok) return;
  const body = await answer.text();
  if (body === shown) return;
  shown = body;
  lines.replaceChildren(...JSON.parse(body).map(bubble));
  lines.scrollTop = lines.scrollHeight;
}

function choose() {
  const chosen = accounts.find(({ id }) => id === account.value);
  shown = '';
  lines.replaceChildren();
  at('name').textContent = chosen?.name ?? '';
  const buttons = (chosen?.deeds ?? []).filter((type) => type !== 'text').map((type) => {
    const button = made('button', words.deeds[type]);
    button.type = 'button';
    button.onclick = () => { void act({ type, text: text.value }); text.value = ''; };
    return button;
  });
  deeds.replaceChildren(...buttons);
  void look();
}

async function load() {
  const answer = await fetch('/simulator/accounts').catch(() => undefined);
  if (!answer?.ok) return;
  const found = await answer.json();
  if (JSON.stringify(found) === JSON.stringify(accounts)) return;
  const before = account.value;
  accounts = found;
  account.replaceChildren(...found.map(({ id, name, provider }) => Object.assign(made('option', name + ' · ' + words.providers[provider]), { value: id })));
  if (found.some(({ id }) => id === before)) account.value = before;
  choose();
  if (found.length === 0) lines.replaceChildren(Object.assign(made('li', words.none), { className: 'none' }));
}

account.onchange = choose;
who.oninput = choose;
form.onsubmit = (event) => {
  event.preventDefault();
  if (!text.value.trim()) return;
  void act({ type: 'text', text: text.value });
  text.value = '';
};
await load();
window.setInterval(look, 1000);
window.setInterval(load, 5000);
`;
