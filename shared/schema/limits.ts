/**
 * The largest of everything that comes from outside: files, messages, pictures, tables. What opens can be saved, so a document has its
 * limit where it is read and none where it is written.
 */
export const limits = {
  /** Of a network file, in characters: thousands of times the size of any network drawn by hand. */
  documentLength: 32_000_000,
  /** Of a network file, in bytes; no network that a person wires comes near this, a film opened by mistake does. */
  documentBytes: 32 * 1024 * 1024,
  /** Findings that one file gives: a file that is wrong everywhere needs no list of a million. */
  documentFindings: 20,
  /** Of frames on one canvas, of a frame's title and note in characters, and of its sides in pixels of the canvas. */
  frames: 1000,
  frameTitle: 200,
  frameNote: 10_000,
  frameSide: 1_000_000,
  /** Places that one wire is led through. */
  viaPoints: 100,
  /** Nested brackets beyond this are not a network, and would overflow the stack of whoever walks them. */
  jsonDepth: 64,
  /** Of a path or a data spec; Linux takes no longer path. */
  pathLength: 4096,
  /** Of a suggested file name. */
  fileNameLength: 255,
  /** Of a run's, template's or draft's id, and of a draft's key. */
  idLength: 256,
  /** Of a run's name, of one of its tags, and how many of these it has. */
  runName: 200,
  runTag: 60,
  runTags: 20,
  /** Runs that are asked for by their ids at once. */
  listedRuns: 1000,
  /** Of what a sweep varies, in characters, and how many things that are. */
  varyLength: 4000,
  varied: 50,
  /** Of a file's revision, which is a digest. */
  revisionLength: 200,
  /** Of the name and of the text of one entry of the renderer's own settings, and how many there are. */
  layoutKeyLength: 200,
  layoutTextLength: 10_000,
  layoutEntries: 500,
  /** Values of a picture that is predicted from pixels. */
  predictedValues: 16_777_216,
  /** Everything that one look into a network gives, and the samples that it is shown at once. */
  inspectedBytes: 256 * 1024 * 1024,
  inspectedSamples: 1024,
  /** Of a set whose features are compared: so many samples, and so many values of them in all; of a larger one, every so manieth sample. */
  featureSamples: 20_000,
  featureValues: 16_000_000,
  /** Samples that are laid out in a plane: each is compared with every other. */
  embeddedSamples: 2000,
  /** Nearest pictures that are shown at once. */
  nearestSamples: 100,
  /** One message to the local server: a network of tens of thousands of nodes, or the pixels of a large image. */
  messageBytes: 64 * 1024 * 1024,
  /** Of a printed file that a page gets to show; a longer one is cut. */
  previewLength: 400_000,
  /** A browser that is this many bytes behind gets nothing more, and is not read from, until it has caught up to the second. */
  bufferedBytes: 8 * 1024 * 1024,
  caughtUpBytes: 1024 * 1024,
  /** Pages that one local server serves at once, and connections of any kind: a page needs some six while it loads. */
  openSockets: 64,
  openConnections: 512,
  /** Typed arrays in one message: a request has one, an answer one for each node of a network. */
  requestArrays: 4096,
  answerArrays: 65_536,
  /** One answer to a page: the feature maps of a whole network are larger than any request. */
  answerBytes: 1024 * 1024 * 1024,
  /** Nested brackets of a message: those of a document, and the envelope around it. */
  messageDepth: 96,
  /** Bytes of what is written down of a run, a sweep or a model beside its weights: a sweep of thousands of trials has a few million. */
  recordBytes: 128 * 1024 * 1024,
  /** Steps that a page gets of a past run; longer ones are thinned. */
  shownSteps: 2000,
  /** Files that are remembered as recently opened. */
  recentFiles: 20,
  /** Pixels of one picture, 8000x8000: a quarter of a gigabyte when decoded. A larger one is a mistake or an attack, not a training sample. */
  imagePixels: 64_000_000,
  /** Bytes of one picture's file: so many pixels of four channels, each as 16 bits and not packed, and what stands around them. */
  imageBytes: 520_000_000,
  /** Bytes on disk of the pictures that are kept decoded, and how many sets of them. Less where the disk has less. */
  keptPictureBytes: 64 * 1024 ** 3,
  keptPictureSets: 64,
  /** Samples of a score that are shown at once. */
  shownSamples: 256,
  /** Bytes of a table; V8 has no longer strings than about this. */
  tableBytes: 500_000_000,
  /** Cells of a table that is stored by columns: digits of 28x28 by the ten thousand have as many. */
  tableCells: 50_000_000,
  /** Of a Parquet file: bytes of its list of columns, and of one page when unpacked. Writers make pages of a megabyte. */
  parquetFooterBytes: 64 * 1024 * 1024,
  parquetPageBytes: 512 * 1024 * 1024,
  /** Structures and lists within each other; each list counts as two. */
  parquetDepth: 64,
  /** Bytes of the annotations of all pictures in one file, where memory allows: V8 has no longer strings. Those of COCO have 470 million. */
  annotationBytes: 500_000_000,
  /** Bytes of the annotations of one picture. */
  pictureAnnotationBytes: 4_000_000,
  /** Files that were left out and are listed by name; the others are counted. */
  listedSkips: 1000,
  /** Of the name of a recorded class, in characters; classes and pictures that are recorded at once. */
  className: 100,
  recordedClasses: 100,
  recordedPictures: 4000,
  /** Pictures of one class of a recording, in all; and recordings that are remembered. */
  recordingFiles: 100_000,
  recentRecordings: 20,
  /** Classes of a mask; more distinct values are an image. */
  maskClasses: 256,
} as const;

/**
 * What each store of the app takes of new entries, and bytes of all of them: far beyond what a person keeps, and no disk is filled by a
 * page that asks without end.
 */
export const storeLimits: {
  readonly [store in 'drafts' | 'blocks' | 'imports' | 'upload' | 'uploads']: {
    readonly entries: number;
    readonly bytes: number;
  };
} = {
  /** Unsaved networks; the first one of a window is kept up to twice as many. */
  drafts: { entries: 500, bytes: 1024 ** 3 },
  /** Blocks in the user's library. */
  blocks: { entries: 1000, bytes: 256 * 1024 ** 2 },
  /** Imported models that are still shown. */
  imports: { entries: 200, bytes: 64 * 1024 ** 3 },
  /** Files of one model on its way in, of several billion numbers. */
  upload: { entries: 1000, bytes: 16 * 1024 ** 3 },
  /** Models on their way in, at once. */
  uploads: { entries: 16, bytes: 32 * 1024 ** 3 },
};

/**
 * Runs of the app's own folder beyond which it is said that they are many, and what room they then take: lists stay quick for far longer,
 * but a disk does not grow. No run is ever deleted for it. So many of the newest are kept where somebody asks to delete the others.
 */
export const manyRuns = { entries: 5000, bytes: 50 * 1024 ** 3, kept: 1000 } as const;
