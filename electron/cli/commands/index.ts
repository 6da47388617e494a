import type { AnyCommand } from '../command';
import { analyze } from './analyze';
import { bench } from './bench';
import { check } from './check';
import { compare } from './compare';
import { coverage } from './coverage';
import { data } from './data';
import { diff } from './diff';
import { doctor } from './doctor';
import { embed } from './embed';
import { engines } from './engines';
import { evaluate } from './evaluate';
import { exportNetwork } from './export';
import { follow } from './follow';
import { graph } from './graph';
import { importNetwork } from './import';
import { merge } from './merge';
import { newNetwork } from './new';
import { predict } from './predict';
import { resume } from './resume';
import { runs } from './runs';
import { serve } from './serve';
import { setup } from './setup';
import { sweep } from './sweep';
import { templates } from './templates';
import { train } from './train';

/** Every command, in the order of the help. */
export const commands: readonly AnyCommand[] = [
  serve,
  templates,
  newNetwork,
  analyze,
  compare,
  diff,
  merge,
  check,
  train,
  resume,
  follow,
  sweep,
  runs,
  evaluate,
  predict,
  embed,
  exportNetwork,
  graph,
  importNetwork,
  coverage,
  data,
  engines,
  doctor,
  setup,
  bench,
];
