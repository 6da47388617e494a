import { expect, test } from './app';
import {
  canvasOf,
  chooseParam,
  dragLayer,
  inputOf,
  nodesOf,
  nodeNamed,
  outputOf,
  pullWire,
  setParam,
  totalsOf,
  wire,
  wiresOf,
} from './canvas';
import { figure, readCurve, setTraining, trainButton, waitForFinish } from './training';

test('builds LeNet by mouse, is refused a wrong wire, trains, swaps the head, and copies the TypeScript', async ({
  app,
}) => {
  const { page } = app;
  const hint = canvasOf(page).getByRole('status');

  await test.step('starts empty', async () => {
    await expect(page.getByText('Drag an input here or start from LeNet')).toBeVisible();
    await expect(trainButton(page)).toBeDisabled();
  });

  const built = await test.step('drags the layers of LeNet and sets their sizes', async () => {
    const image = await dragLayer(page, 'Input', { x: 110, y: 90 });
    await expect(image).toHaveAccessibleName('Input, 28 by 28 by 1, output 28 by 28 by 1');
    const c1 = await dragLayer(page, 'Conv', { x: 310, y: 90 });
    await setParam(page, 'Filters', '20');
    await setParam(page, 'Kernel size', '5');
    const a1 = await dragLayer(page, 'Activation', { x: 510, y: 90 });
    const p1 = await dragLayer(page, 'Pool', { x: 710, y: 90 });
    const c2 = await dragLayer(page, 'Conv', { x: 110, y: 230 });
    await setParam(page, 'Filters', '50');
    await setParam(page, 'Kernel size', '5');
    const a2 = await dragLayer(page, 'Activation', { x: 310, y: 230 });
    const p2 = await dragLayer(page, 'Pool', { x: 510, y: 230 });
    const f1 = await dragLayer(page, 'FC', { x: 110, y: 370 });
    await setParam(page, 'Units', '500');
    await chooseParam(page, 'Activation', 'ReLU');
    const f2 = await dragLayer(page, 'FC', { x: 310, y: 370 });
    await setParam(page, 'Units', '10');
    await expect(nodesOf(page)).toHaveCount(9);
    return { image, c1, a1, p1, c2, a2, p2, f1, f2 };
  });
  const { image, c1, a1, p1, c2, a2, p2, f1, f2 } = built;

  await test.step('wires them port to port and sees each shape', async () => {
    await wire(page, image, c1);
    await expect(c1).toHaveAccessibleName('Conv, 20 by 5 by 5, output 24 by 24 by 20, 520 parameters, all trainable');
    await wire(page, a1, p1);
  });

  await test.step('is refused wrong wires, with the reason while they are in the hand', async () => {
    const before = await wiresOf(page).count();
    await pullWire(page, outputOf(p1), inputOf(a1));
    await expect(hint).toContainText('round in a circle: activation1 → pool1 → activation1');
    await page.mouse.up();
    await expect(hint).toHaveCount(0);
    await expect(wiresOf(page)).toHaveCount(before);
    // A port that is taken is no mistake: the new wire takes the old one's place, and one undo brings that back.
    await pullWire(page, outputOf(p1), inputOf(c1));
    await expect(hint).toContainText('Replaces the wire from Input');
    await page.mouse.up();
    await expect(wiresOf(page)).toHaveCount(before);
    await expect(c1).not.toHaveAccessibleName(/output 24 by 24 by 20/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(c1).toHaveAccessibleName('Conv, 20 by 5 by 5, output 24 by 24 by 20, 520 parameters, all trainable');
  });

  await test.step('wires the rest', async () => {
    await wire(page, c1, a1);
    await expect(p1).toHaveAccessibleName(/output 12 by 12 by 20$/);
    await wire(page, p1, c2);
    await expect(c2).toHaveAccessibleName('Conv, 50 by 5 by 5, output 8 by 8 by 50, 25,050 parameters, all trainable');
    await wire(page, c2, a2);
    await wire(page, a2, p2);
    await wire(page, p2, f1);
    await expect(f1).toHaveAccessibleName(/output 500, 400,500 parameters, all trainable$/);
  });

  await test.step('sees 431,080 parameters and the shape on a wire', async () => {
    await wire(page, f1, f2);
    await expect(f2).toHaveAccessibleName(/output 10, 5,010 parameters, all trainable$/);
    await expect(totalsOf(page)).toContainText('431,080 parameters, all trainable');
    await expect(page.locator('.react-flow__edgelabel-renderer').getByText('24×24×20')).toHaveCount(2);
  });

  await test.step('trains one epoch on the digits and sees the curve', async () => {
    await setTraining(page, 'Epochs', 1);
    await trainButton(page).click();
    await waitForFinish(page);
    await expect(figure(page, 'Epoch')).toHaveText('1 of 1');
    const accuracy = Number.parseFloat((await figure(page, 'Validation accuracy').textContent()) ?? '');
    expect(accuracy).toBeGreaterThanOrEqual(90);
    const chart = page.getByRole('figure', { name: 'Loss', exact: true });
    await expect.poll(() => readCurve(chart, '--family-conv').then((curve) => curve.width)).toBeGreaterThan(0.4);
    const curve = await readCurve(chart, '--family-conv');
    // It falls: from a loss of more than 1 to the foot of the chart.
    expect(curve.height).toBeGreaterThan(20);
  });

  await test.step('swaps the head for GAP, sees what that saves, and takes it back', async () => {
    await page.getByRole('tab', { name: 'Compare' }).click();
    const gap = page.getByRole('row', { name: 'GAP + FC', exact: true });
    await expect(gap).toContainText('26,080');
    await expect(gap).toContainText('−405,000');
    await gap.getByRole('button', { name: 'Switch to GAP' }).click();
    await expect(totalsOf(page)).toContainText('26,080 parameters');
    await expect(nodeNamed(page, /^GAP/)).toBeVisible();
    await expect(page.getByRole('row', { name: 'FC', exact: true })).toContainText('+');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(totalsOf(page)).toContainText('431,080 parameters, all trainable');
    await expect(nodesOf(page)).toHaveCount(9);
  });

  await test.step('copies the TypeScript', async () => {
    await page.getByRole('tab', { name: 'Code' }).click();
    const code = page.getByRole('region', { name: 'Code of the network' });
    await code.getByRole('button', { name: 'Copy this file' }).click();
    await expect(code.getByText('Copied', { exact: true })).toBeAttached();
    const source = await app.readClipboard();
    expect(source).toContain('export function buildModel');
    expect(source.match(/conv2d\(/g)).toHaveLength(2);
    expect(source.match(/maxPooling2d\(/g)).toHaveLength(2);
    expect(source).toMatch(/filters: 20[\s\S]*filters: 50[\s\S]*units: 500[\s\S]*units: 10\b/);
    // The editor shows what was copied.
    await expect(code.locator('.monaco-editor .view-lines')).toContainText('units: 500');
  });
});
