import { expect, test } from './app';
import { node } from './screens';

test(
  'a number that is typed over in the code changes its layer, undo takes it back, and the sketch line is rewritten',
  { tag: '@all' },
  async ({ app }) => {
    const { page } = app;
    await page.getByRole('button', { name: 'Start from LeNet' }).click();
    await page.getByRole('tab', { name: 'Code', exact: true }).click();
    const panel = page.getByRole('tabpanel', { name: 'Code', exact: true });
    await panel.getByRole('combobox', { name: 'Language' }).click();
    await page.getByRole('option', { name: 'PyTorch project' }).click();
    await node(page, 'c2').click();
    const number = panel.locator('.view-line').filter({ hasText: 'self.c2 = ' }).getByText('50', { exact: true });
    await number.dblclick();
    await page.keyboard.type('64');
    await expect(panel.getByText('Enter takes the change, Escape puts it back.')).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(node(page, 'c2')).toContainText('64 × 5×5');
    await page.keyboard.press('ControlOrMeta+z');
    await expect(node(page, 'c2')).toContainText('50 × 5×5');

    // In the code of a block the keyboard stays where it is when the canvas goes into the block.
    await node(page, 'c1').click();
    await node(page, 'a1').click({ modifiers: ['Shift'] });
    await page.keyboard.press('ControlOrMeta+g');
    await expect(page.locator('.react-flow__node')).toHaveCount(8);
    await panel.locator('.monaco-editor').first().hover();
    for (let notch = 0; notch < 4; notch++) await page.mouse.wheel(0, -100);
    await panel.locator('.view-line').filter({ hasText: 'self.c1 = ' }).getByText('20', { exact: true }).dblclick();
    await page.keyboard.type('24');
    await page.keyboard.press('Enter');
    await expect(node(page, 'c1')).toContainText('24 × 5×5');
    await page.keyboard.press('ControlOrMeta+z');
    await page.keyboard.press('ControlOrMeta+z');
    await expect(page.locator('.react-flow__node')).toHaveCount(9);

    const line = panel.getByRole('textbox', { name: 'Sketch' });
    await line.fill((await line.inputValue()).replace('fc 500 relu', 'fc 120 relu'));
    await line.press('Enter');
    await expect(node(page, 'f1')).toContainText('120');
    await panel.getByRole('button', { name: 'Since the last save' }).click();
    await expect(panel.locator('.line-insert').first()).toBeVisible();
  },
);
