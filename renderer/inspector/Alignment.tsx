import { alignBranches, type AlignedBranch, type AxisAlignment } from '../../shared/analysis/alignment';
import { trailText } from '../../shared/analysis/trail';
import type { NetworkAnalysis, NodeAnalysis } from '../../shared/analysis/types';
import { fill, useText } from '../i18n';
import { formatCount } from '../ui';
import styles from './Teaching.module.css';

const colors = ['var(--family-conv)', 'var(--family-upconv)', 'var(--family-gap)', 'var(--family-pool)'] as const;

function colorOf(index: number): string {
  return colors[index % colors.length] ?? colors[0];
}

/** Which pixels of the input a branch's map lies over: its values' cells, a crop's larger map before it is cut. */
export function extentOf(branch: AlignedBranch, cutBefore: number): readonly [from: number, length: number] {
  const start = branch.start - cutBefore * branch.jump;
  return [start - branch.jump / 2, (branch.length ?? 0) * branch.jump];
}

/** How the branches of an add, concat or crop lie over each other on the input, with both ways down. */
export function Alignment({ node, network }: { readonly node: NodeAnalysis; readonly network: NetworkAnalysis }) {
  const { t } = useText('inspector');
  const alignments = alignBranches(network, node.id);
  const [rows, columns] = alignments ?? [];
  if (rows === undefined || columns === undefined) return null;
  const isAlike = JSON.stringify({ ...rows, axis: '' }) === JSON.stringify({ ...columns, axis: '' });
  return (
    <section className={styles['section']} aria-label={t.alignment}>
      <h3>{t.alignment}</h3>
      <Meeting rows={rows} columns={columns} />
      {isAlike ? (
        <Axis alignment={rows} title={t.alignsBoth} />
      ) : (
        [rows, columns].map((axis) => <Axis key={axis.axis} alignment={axis} title={t[`alignsAxis_${axis.axis}`]} />)
      )}
    </section>
  );
}

/** The maps as outlines over the input, all to one scale. */
function Meeting({ rows, columns }: { readonly rows: AxisAlignment; readonly columns: AxisAlignment }) {
  const { t } = useText('inspector');
  const boxes = rows.branches.map((branch, index) => {
    const across = columns.branches[index] ?? branch;
    const isCut = index === 0;
    const [top, height] = extentOf(branch, isCut ? (rows.cropStart ?? 0) : 0);
    const [left, width] = extentOf(across, isCut ? (columns.cropStart ?? 0) : 0);
    return { id: branch.nodeId, top, left, height, width };
  });
  const near = [Math.min(...boxes.map(({ top }) => top)), Math.min(...boxes.map(({ left }) => left))] as const;
  const far = [
    Math.max(...boxes.map(({ top, height }) => top + height)),
    Math.max(...boxes.map(({ left, width }) => left + width)),
  ] as const;
  const [height, width] = [far[0] - near[0], far[1] - near[1]];
  if (!(height > 0 && width > 0) || !Number.isFinite(height + width)) return null;
  const scale = 108 / Math.max(height, width);
  return (
    <div className={styles['meeting']}>
      <svg
        width={width * scale + 4}
        height={height * scale + 4}
        role="img"
        aria-label={boxes.map(({ id, height: h, width: w }) => `${id} ${h}×${w}`).join(', ')}
      >
        {boxes.map((box, index) => (
          <rect
            key={box.id}
            x={(box.left - near[1]) * scale + 2}
            y={(box.top - near[0]) * scale + 2}
            width={Math.max(1, box.width * scale)}
            height={Math.max(1, box.height * scale)}
            rx={2}
            fill={colorOf(index)}
            fillOpacity={0.12}
            stroke={colorOf(index)}
            strokeWidth={1.5}
            strokeDasharray={index === 0 ? undefined : '4 3'}
          />
        ))}
      </svg>
      <ul className={styles['list']}>
        {rows.branches.map((branch, index) => (
          <li key={branch.nodeId}>
            <i className={styles['key']} style={{ background: colorOf(index) }} aria-hidden="true" />
            <code>{branch.nodeId}</code>{' '}
            <span className="figures">
              {branch.length ?? '?'}×{columns.branches[index]?.length ?? '?'}
            </span>
            {index === 0 && rows.cropStart !== null ? (
              <p className={styles['muted']}>{fill(t.cutFrom, { start: formatCount(rows.cropStart) })}</p>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Axis({ alignment, title }: { readonly alignment: AxisAlignment; readonly title: string }) {
  const { t } = useText('inspector');
  const [first, ...others] = alignment.branches;
  if (first === undefined) return null;
  const { cropStart } = alignment;
  const place = (value: number): string => formatCount(value).replace('-', '−');
  const before = cropStart === null ? null : first.start - cropStart * first.jump;
  return (
    <div className={styles['section']}>
      <p className={styles['muted']}>{title}</p>
      {alignment.branches.map((branch, index) => (
        <div key={branch.nodeId}>
          <p className={`${styles['trail'] ?? ''} figures`}>
            <i className={styles['key']} style={{ background: colorOf(index) }} aria-hidden="true" />
            {trailText(branch.trail)}
            {index === 0 && cropStart !== null ? ` − ${others[0]?.length ?? '?'}` : null}
          </p>
          <p className={styles['muted']}>
            {index === 0 && before !== null && cropStart !== null
              ? `s = ${place(before)} + ${place(cropStart)}·${place(branch.jump)} = ${place(branch.start)}: `
              : null}
            {fill(t.firstValueAt, { start: place(branch.start), jump: place(branch.jump) })}
          </p>
        </div>
      ))}
      {others.map((branch, index) => {
        const offset = alignment.offsets[index + 1] ?? 0;
        return (
          <p key={branch.nodeId} className={styles['offset']}>
            {t.offsetIs}:{' '}
            <span className="figures">
              {place(branch.start)} − {place(first.start)} = <b>{place(offset)}</b>
            </span>
            <br />
            {offset === 0 ? t.aligned : fill(t.shifted, { offset: place(Math.abs(offset)) })}
          </p>
        );
      })}
    </div>
  );
}
