import { useMemo } from 'react';
import type { DataInfo } from '../../shared/host/api';
import { isWholeDataSpec, parseDataSpec } from '../../shared/schema/data';
import { isSettingAccepted, readingOf, type TrainingConfig } from '../../shared/schema/training';
import { useClassWords } from '../i18n';
import { useRequest, type Answer } from '../store/useRequest';

/** What the data of these settings are; null where they name none yet. A spec that names no source is asked for too: the host says what there is. */
export function useDataInfo(config: TrainingConfig): Answer<DataInfo> | null {
  const spec = parseDataSpec(config.data);
  const isAskable = isSettingAccepted('data', config.data) && (spec === null || isWholeDataSpec(config.data));
  const info = useRequest('data.info', isAskable ? { spec: config.data, reading: readingOf(config) } : null);
  const classWords = useClassWords(config.data);
  const value = useMemo(
    () => (info.value === null ? null : { ...info.value, classes: classWords(info.value.classes) }),
    [info.value, classWords],
  );
  return isAskable ? { ...info, value } : null;
}
