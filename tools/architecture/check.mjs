import { absences, arrows, emptyNames } from './rules.mjs';

const typeOf = (node) => node.data.tags?.find((tag) => tag.startsWith('type:'))?.slice(5);

/** Arrows that Nx's project graph has and the table does not allow, and cycles. */
export function checkArrows({ nodes, dependencies }) {
  const problems = [];
  for (const [from, edges] of Object.entries(dependencies)) {
    const type = nodes[from] && typeOf(nodes[from]);
    if (nodes[from] && !(type in arrows))
      problems.push(`${from}: no tag type:* that the table of arrows knows`);
    for (const { target, type: kind } of edges) {
      if (!nodes[target] || !(type in arrows) || kind === 'implicit') continue;
      if (![...arrows[type], 'tool'].includes(typeOf(nodes[target])))
        problems.push(`${from} → ${target}: ${type} may not import ${typeOf(nodes[target])}`);
    }
  }
  return [...problems, ...cycles(nodes, dependencies)];
}

function cycles(nodes, dependencies) {
  const found = [];
  const done = new Set();
  const walk = (name, path) => {
    if (path.includes(name)) found.push(`cycle: ${[...path.slice(path.indexOf(name)), name].join(' → ')}`);
    if (path.includes(name) || done.has(name)) return;
    for (const { target } of dependencies[name] ?? []) if (nodes[target]) walk(target, [...path, name]);
    done.add(name);
  };
  Object.keys(nodes).forEach((name) => walk(name, []));
  return found;
}

const withoutComments = (text) =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1');

/** What the source of `files` (`{ path, text }`) holds and must not. */
export function checkAbsences(files) {
  const problems = [];
  for (const { path, text } of files) {
    if (emptyNames.test(path)) problems.push(`${path}: the name says nothing`);
    const rules = absences.filter((absence) => absence.in(path));
    const lines = rules.length > 0 ? withoutComments(text).split('\n') : [];
    for (const { rule, pattern } of rules)
      lines.forEach((line, i) => {
        if (pattern.test(line)) problems.push(`${path}:${i + 1}: ${rule}`);
      });
  }
  return problems;
}
