/**
 * Draws docs/architecture.svg: every room of shared/ and electron/ with the imports that its files really have. `--check` only tells
 * whether the picture is today's. Rooms stand on what they import from, so every arrow goes down.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Graph, layout } from '@dagrejs/dagre';
import { electronRooms, sharedRooms } from './rooms.mjs';
import { root } from './setup.mjs';

const file = join(root, 'docs', 'architecture.svg');

function sourcesOf(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

/** The rooms of the same tree that a room's files import from. */
function importsOf(tree, rooms, room) {
  const text = sourcesOf(join(root, tree, room)).join('\n');
  const names = [...text.matchAll(/from '(?:\.\.\/)+([a-z]+)(?:\/[^']*)?'/g)].map((match) => match[1]);
  return new Set(names.filter((name) => name !== room && name in rooms));
}

function arrowsOf(tree, rooms) {
  const present = Object.keys(rooms).filter((room) => sourcesOf(join(root, tree, room)).length > 0);
  return new Map(present.map((room) => [room, importsOf(tree, rooms, room)]));
}

/** An arrow that follows from two others is left out: what remains is enough to see what stands on what. */
function essential(arrows) {
  const reach = (room, seen = new Set()) => {
    for (const next of arrows.get(room) ?? []) {
      if (!seen.has(next)) {
        seen.add(next);
        reach(next, seen);
      }
    }
    return seen;
  };
  return [...arrows].flatMap(([room, targets]) => {
    const farther = new Set([...targets].flatMap((target) => [...reach(target)]));
    return [...targets].filter((target) => !farther.has(target)).map((target) => [room, target]);
  });
}

const box = { width: 104, height: 32 };
const margin = 24;
const titleHeight = 40;

function drawTree(title, arrows, left) {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 22, ranksep: 34, marginx: margin, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const room of arrows.keys()) graph.setNode(room, { ...box });
  for (const [from, to] of essential(arrows)) graph.setEdge(from, to);
  layout(graph);
  const at = ({ x, y }) => `${Math.round(left + x)} ${Math.round(titleHeight + y)}`;
  const lines = graph.edges().map((edge) => {
    const { points } = graph.edge(edge);
    return `<path d="M${points.map(at).join('L')}" marker-end="url(#tip)"/>`;
  });
  const boxes = graph.nodes().map((room) => {
    const { x, y } = graph.node(room);
    const [middle, top] = [Math.round(left + x), Math.round(titleHeight + y - box.height / 2)];
    return `<rect x="${middle - box.width / 2}" y="${top}" width="${box.width}" height="${box.height}" rx="7"/><text x="${middle}" y="${top + 20.5}">${room}</text>`;
  });
  const picture = [
    `<text class="title" x="${left + margin}" y="28">${title}</text>`,
    `<g class="lines">${lines.join('')}</g>`,
    `<g class="rooms">${boxes.join('')}</g>`,
  ];
  const { width, height } = graph.graph();
  return {
    picture: picture.join('\n'),
    right: Math.round(left + width),
    bottom: Math.round(titleHeight + height + margin),
  };
}

function draw() {
  const electron = drawTree('electron/: Node; each room may use shared/', arrowsOf('electron', electronRooms), 0);
  const shared = drawTree(
    'shared/: pure TypeScript, for electron/ and renderer/',
    arrowsOf('shared', sharedRooms),
    electron.right + margin,
  );
  const [width, height] = [shared.right, Math.max(electron.bottom, shared.bottom)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Inter, Helvetica, Arial, sans-serif">
<style>text{font-size:13px;text-anchor:middle;fill:#1c2430}.title{font-weight:600;text-anchor:start}.rooms rect{fill:#f4f6fa;stroke:#8a93a3}.lines path{fill:none;stroke:#8a93a3;stroke-width:1.3;stroke-linejoin:round}</style>
<defs><marker id="tip" markerWidth="7" markerHeight="7" refX="5" refY="3" orient="auto"><path d="M0 0L6 3L0 6z" fill="#8a93a3"/></marker></defs>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${electron.picture}
${shared.picture}
</svg>
`;
}

const picture = draw();
if (process.argv.includes('--check')) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== picture) {
    process.stderr.write('docs/architecture.svg is not of today: run `node scripts/architecture.mjs`.\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, picture);
}
