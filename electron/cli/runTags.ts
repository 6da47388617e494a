import { badOptionValue } from '../../shared/diagnostics/catalog/commandLine';
import { failure, success, type Result } from '../../shared/diagnostics/diagnostic';
import { limits } from '../../shared/schema/limits';
import { text } from '../../shared/text';

/** The tags of `--tag a,b`; nothing where it is left out. */
export function readTags(given: string | undefined): Result<{ readonly tags?: readonly string[] }> {
  if (given === undefined) return success({});
  const tags = [...new Set(given.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
  const { runTag, runTags } = limits;
  if (tags.length > 0 && tags.length <= runTags && tags.every((tag) => tag.length <= runTag)) return success({ tags });
  return failure(
    badOptionValue(
      '--tag',
      given.slice(0, 80),
      text(`1 to ${runTags} words of at most ${runTag} characters`, `1 到 ${runTags} 个词，每个至多 ${runTag} 个字符`),
    ),
  );
}
