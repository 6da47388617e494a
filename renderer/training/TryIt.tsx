import { Camera, Eraser, ImageUp } from 'lucide-react';
import type { PointerEvent } from 'react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../shared/schema/document';
import type { ModelRef, Prediction } from '../../shared/host/api';
import { findLayer } from '../../shared/layers';
import { isInput } from '../../shared/layers/traits';
import { defaultTrainingConfig } from '../../shared/schema/training';
import { pixelsOf } from '../../shared/ops/pixels';
import type { FloatTensor } from '../../shared/ops/tensor';
import { givenClasses, likeliestClasses } from '../../shared/training/labelScores';
import { CameraFaultText } from '../camera/CameraView';
import { drawFrame } from '../camera/frame';
import { useCamera } from '../camera/useCamera';
import { fill, useClassWords, useText } from '../i18n';
import { currentHost } from '../store';
import { Button, EmptyState, Failures } from '../ui';
import { PixelCanvas } from '../results/PixelCanvas';
import { askPatiently } from '../ui/askPatiently';
import { centerDrawing, drawMask, readPixels } from './drawing';
import { TryTable } from './TryTable';
import { useLive } from './useLive';
import styles from './TryIt.module.css';

type TryItProps = {
  /** A run with weights; null when there is none to ask. */
  readonly model: ModelRef | null;
  readonly document: NetworkDocument | null;
};

/** Side of the drawing in CSS pixels. */
const boardSide = 124;

/** The shape of the network's one input as its document has it. */
function inputShape(document: NetworkDocument | null): readonly unknown[] {
  const shape = document?.nodes.find(({ kind }) => isInput(findLayer(kind)))?.params['shape'];
  return Array.isArray(shape) ? shape : [];
}

/** Height, width and channels of the network's one image input; null where it has another shape. */
function imageShape(document: NetworkDocument | null): readonly [number, number, number] | null {
  const shape = inputShape(document);
  if (shape.length !== 3) return null;
  const [height, width, channels] = shape.map((size) => (typeof size === 'number' ? size : 0));
  return height && width && channels ? [height, width, channels] : null;
}

/** A place to try a trained network: on a picture, or on a table where its input is a row of numbers. */
export function TryIt({ model, document }: TryItProps) {
  if (model !== null && inputShape(document).length === 1) return <TryTable model={model} />;
  return <TryPicture model={model} document={document} />;
}

/** Draw something or pick a picture, and see what the trained network says of it. */
function TryPicture({ model, document }: TryItProps) {
  const { t } = useText('training');
  const shape = imageShape(document);
  const classWords = useClassWords(document?.train?.data ?? defaultTrainingConfig.data);
  const board = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const isDrawn = useRef(false);
  const [prediction, setPrediction] = useState<Prediction | null>(null);
  /** What was asked about, as the network takes it. */
  const [given, setGiven] = useState<FloatTensor | null>(null);
  const [failures, setFailures] = useState<readonly Diagnostic[]>([]);
  const [isLive, setLive] = useState(false);
  const { state: camera, video: cameraVideo, attach } = useCamera(isLive);

  useEffect(() => clearBoard(board.current), []);
  const tell = (pixels: Uint8Array, answer: Result<Prediction>): void => {
    if (shape === null) return;
    setPrediction(answer.ok ? answer.value : null);
    setGiven({ dtype: 'float32', shape: [1, ...shape], data: Float32Array.from(pixels, (value) => value / 255) });
    setFailures(answer.ok ? [] : answer.diagnostics);
    drawMask(overlay.current, answer.ok ? answer.value.mask : undefined);
  };
  useLive(camera.status === 'on' ? cameraVideo : null, async (video) => {
    const canvas = board.current;
    if (canvas === null || model === null || shape === null) return;
    drawFrame(video, canvas);
    const pixels = readPixels(canvas, shape);
    const answer = await currentHost()?.request('model.predict', { model, input: { pixels } });
    // Said once, and not ten times a second.
    if (answer?.ok === false) setLive(false);
    if (answer !== undefined) tell(pixels, answer);
  });
  if (model === null || shape === null) return <EmptyState title={t.tryEmpty} hint={t.tryEmptyHint} />;

  const predict = async (): Promise<void> => {
    const canvas = board.current;
    if (canvas === null) return;
    const source = isDrawn.current ? centerDrawing(canvas) : canvas;
    const pixels = readPixels(source, shape);
    const answer = await askPatiently(t.predicting, 'model.predict', { model, input: { pixels } });
    if (answer !== null) tell(pixels, answer);
  };
  const clear = (): void => {
    setLive(false);
    clearBoard(board.current);
    drawMask(overlay.current, undefined);
    setPrediction(null);
    setFailures([]);
  };
  const load = async (file: File | undefined): Promise<void> => {
    const context = board.current?.getContext('2d');
    if (file === undefined || context == null) return;
    const picture = await createImageBitmap(file).catch(() => null);
    if (picture === null) return;
    setLive(false);
    isDrawn.current = false;
    context.drawImage(picture, 0, 0, context.canvas.width, context.canvas.height);
    await predict();
  };
  const draw = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.buttons !== 1 || isLive) return;
    if (!isDrawn.current) clear();
    isDrawn.current = true;
    stroke(event);
  };
  return (
    <div className={styles['try']}>
      <div className={styles['left']}>
        <div className={styles['board']}>
          <canvas
            ref={board}
            width={boardSide * 2}
            height={boardSide * 2}
            aria-label={t.drawHere}
            role="img"
            tabIndex={0}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              draw(event);
            }}
            onPointerMove={draw}
            onPointerUp={() => (isLive ? undefined : void predict())}
          />
          <canvas ref={overlay} className={styles['overlay']} width={shape[1]} height={shape[0]} aria-hidden="true" />
        </div>
        <div className={styles['buttons']}>
          <Button size="sm" icon={<Eraser size={14} aria-hidden />} onClick={clear}>
            {t.clear}
          </Button>
          <Button size="sm" icon={<ImageUp size={14} aria-hidden />} onClick={() => picker.current?.click()}>
            {t.picture}
          </Button>
          <Button
            size="sm"
            variant={isLive ? 'primary' : 'plain'}
            icon={<Camera size={14} aria-hidden />}
            aria-pressed={isLive}
            title={t.liveHint}
            onClick={() => {
              isDrawn.current = false;
              setLive(!isLive);
            }}
          >
            {t.live}
          </Button>
          <video ref={attach} className={styles['unseen']} muted playsInline aria-hidden="true" tabIndex={-1} />
          <input
            ref={picker}
            type="file"
            accept="image/*"
            hidden
            aria-label={t.picture}
            onChange={(event) => void load(event.target.files?.[0])}
          />
        </div>
      </div>
      <div className={styles['right']}>
        {prediction === null ? (
          <p className={styles['hint']}>{t.drawHint}</p>
        ) : prediction.picture !== undefined && given !== null ? (
          <AnsweredPicture given={given} answer={prediction.picture} style={prediction.style} />
        ) : prediction.values !== undefined ? (
          <p className={styles['value']} role="status" aria-label={t.predictions}>
            <span className="figures">{Array.from(prediction.values, valueText).join(', ')}</span>
          </p>
        ) : (
          <ol
            className={styles['scores']}
            aria-label={t.predictions}
            data-many={prediction.threshold === undefined ? undefined : true}
          >
            {likeliestClasses(prediction, 5).map((one) => (
              <li key={one.name} data-given={givenClasses(prediction).includes(one) ? true : undefined}>
                <span>{classWords([one.name])}</span>
                <i style={{ transform: `scaleX(${one.probability})` }} aria-hidden="true" />
                <span className="figures">{(100 * one.probability).toFixed(1)} %</span>
              </li>
            ))}
          </ol>
        )}
        {prediction?.threshold === undefined ? null : <GivenClasses prediction={prediction} classWords={classWords} />}
        {prediction?.mask === undefined ? null : (
          <p className={styles['hint']}>
            {fill(t.maskOf, { width: prediction.mask.width, height: prediction.mask.height })}
          </p>
        )}
        {camera.status === 'failed' ? <CameraFaultText fault={camera.fault} /> : null}
        <Failures diagnostics={failures} />
      </div>
    </div>
  );
}

type GivenClassesProps = { readonly prediction: Prediction; readonly classWords: ReturnType<typeof useClassWords> };

/** Which classes are given, where any number of them may be. */
function GivenClasses({ prediction, classWords }: GivenClassesProps) {
  const { t } = useText('training');
  const given = givenClasses(prediction);
  const names = given.length === 0 ? t.noneGiven : classWords(given.map(({ name }) => name)).join(', ');
  const threshold = `${Math.round(100 * (prediction.threshold ?? 0))} %`;
  return (
    <p className={styles['hint']} role="status">
      {fill(t.givenClasses, { names, threshold })}
    </p>
  );
}

type AnsweredPictureProps = {
  readonly given: FloatTensor;
  readonly answer: FloatTensor;
  readonly style: FloatTensor | undefined;
};

/** What went in, the picture that the network made of it, and the style that this was to have. */
function AnsweredPicture({ given, answer, style }: AnsweredPictureProps) {
  const { t } = useText('training');
  return (
    <div className={styles['pictures']} role="group" aria-label={t.predictions}>
      <Shown tensor={given} label={t.given} />
      <Shown tensor={answer} label={t.madePicture} />
      {style === undefined ? null : <Shown tensor={style} label={t.stylePicture} />}
    </div>
  );
}

function Shown({ tensor, label }: { readonly tensor: FloatTensor; readonly label: string }) {
  const pixels = useMemo(() => pixelsOf(tensor, 0), [tensor]);
  if (pixels === null) return null;
  const words = `${label}, ${pixels.width}×${pixels.height}`;
  return (
    <figure>
      <PixelCanvas pixels={pixels} label={words} />
      <figcaption className="figures">{words}</figcaption>
    </figure>
  );
}

function valueText(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/** Last point of the stroke being drawn; a stroke begins where the pointer went down. */
const pen: { x: number; y: number } = { x: 0, y: 0 };

function stroke(event: PointerEvent<HTMLCanvasElement>): void {
  const canvas = event.currentTarget;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const box = canvas.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * canvas.width;
  const y = ((event.clientY - box.top) / box.height) * canvas.height;
  if (event.type === 'pointerdown') Object.assign(pen, { x, y });
  context.strokeStyle = '#fff';
  // About two of 28 pixels, the pen of the digits that the network was trained on.
  context.lineWidth = canvas.width / 12;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.beginPath();
  context.moveTo(pen.x, pen.y);
  context.lineTo(x, y);
  context.stroke();
  Object.assign(pen, { x, y });
}

function clearBoard(canvas: HTMLCanvasElement | null): void {
  const context = canvas?.getContext('2d');
  if (context == null) return;
  context.fillStyle = '#000';
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}
