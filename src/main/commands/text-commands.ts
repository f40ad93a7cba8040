import { type Command, Option } from 'commander';
import { LANGUAGES, type Language } from '../../domain/language.ts';
import { wholeNumber } from './whole-number.ts';

/** `stillwater texts` and `stillwater replies`. */
export function addTextCommands(program: Command): void {
  program
    .command('texts')
    .description('the texts that people get')
    .command('preview', { isDefault: true })
    .description('print every text as it would leave, with its length on air, and what calls say')
    .addOption(new Option('--lang <language>', 'only in this language').choices([...LANGUAGES]))
    .addOption(
      new Option('--gateway <gateway>', 'as this route takes it').choices(['twilio', 'aliyun', 'code', 'voice']),
    )
    .action(async ({ lang, gateway }: { lang?: Language; gateway?: 'twilio' | 'aliyun' | 'code' | 'voice' }) => {
      const { previewCalls, previewTexts } = await import('./texts-preview.ts');
      const texts = gateway === 'voice' ? [] : previewTexts({ language: lang, route: gateway });
      const calls = gateway === undefined || gateway === 'voice' ? previewCalls({ language: lang }) : [];
      for (const line of [...texts, ...calls]) process.stdout.write(`${line}\n`);
    });

  program
    .command('replies')
    .description('what people texted back and nobody acted on')
    .option('--all', 'also what was acted on')
    .option('--limit <number>', 'at most so many, the newest first', wholeNumber, 50)
    .action(async ({ all, limit }: { all?: boolean; limit: number }) => {
      const { showReplies } = await import('./replies.ts');
      await showReplies({ all: all ?? false, limit });
    });
}
