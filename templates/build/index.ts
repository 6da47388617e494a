import { serializeNetwork } from '../../shared/document/serialize';
import { formatCount } from '../../shared/text';
import { alexnet, vgg16, vgg16Gap } from './classifiers';
import { convnextTiny } from './convnext';
import { deeplabV3 } from './deeplab';
import { densenet121 } from './dense';
import { efficientnetB0, mobilenetV3Small } from './gated';
import { googlenet, inceptionV3 } from './inception';
import { dnn, lenet, lenet5, lenetGap } from './lenet';
import { mobilenetV2, shufflenetV2, squeezenet } from './mobile';
import { resnet18, resnet50 } from './residual';
import { espcn } from './restoration';
import { segnet } from './segnet';
import { fcn16s, fcn32s, fcn8s, fcnSmall, unet, unetSame, unetSmall } from './segmentation';
import { styleNet } from './style';
import type { Template } from './template';
import { attentionUnet, unetPlusPlus } from './unets';
import { vitTiny } from './vision';

/** All networks that ship with the app, in the order in which they are listed: small ones that train at once come first. */
export const templates: readonly Template[] = [
  lenet(),
  lenetGap(),
  dnn(),
  fcnSmall(),
  unetSmall(),
  espcn(),
  styleNet(),
  lenet5(),
  alexnet(),
  vgg16(),
  vgg16Gap(),
  googlenet(),
  inceptionV3(),
  resnet18(),
  resnet50(),
  densenet121(),
  squeezenet(),
  mobilenetV2(),
  mobilenetV3Small(),
  shufflenetV2(),
  efficientnetB0(),
  convnextTiny(),
  vitTiny(),
  fcn32s(),
  fcn16s(),
  fcn8s(),
  deeplabV3(),
  unet(),
  unetSame(),
  attentionUnet(),
  unetPlusPlus(),
  segnet(),
];

export type GeneratedTemplateFile = { readonly path: string; readonly text: string };

/** Every generated file under templates/: a folder per network. */
export function templateFiles(): readonly GeneratedTemplateFile[] {
  return templates.flatMap((template, order) => [
    { path: `${template.id}/network.json`, text: serializeNetwork(template.document) },
    { path: `${template.id}/reference.json`, text: referenceJson(template, order) },
    { path: `${template.id}/README.md`, text: readme(template) },
  ]);
}

/** `summary` and `order` are for the list in the app; the rest is what the tests check. */
function referenceJson({ summary, reference }: Template, order: number): string {
  return `${JSON.stringify({ order, summary, ...reference }, null, 2)}\n`;
}

function readme({ id, summary, about, document, reference }: Template): string {
  const figures = [
    `${formatCount(reference.trainableParams)} trainable parameters`,
    ...(reference.macs === undefined ? [] : [`${formatCount(reference.macs)} multiply-adds per image`]),
  ];
  return [
    `# ${document.name}`,
    summary.en,
    summary.zh,
    `${figures.join(', ')}. Variant: ${reference.variant}.`,
    ...about,
    ['Sources:', '', ...reference.sources.map(({ title, url }) => `- [${title}](${url})`)].join('\n'),
    `Open it in the app, or copy it: \`npx convloom new ${id} -o my-network.json\`.`,
    `The numbers above are in \`reference.json\` and are checked by the tests. Do not edit these files: they are written by \`npm run templates\` from \`templates/build\`.`,
  ]
    .join('\n\n')
    .concat('\n');
}
