// The `lambent` command line: one file per command.
import { Command } from 'commander';
import { startCommand } from './start.ts';

const program = new Command('lambent')
  .description('AWS Lambda that you can own')
  .showHelpAfterError()
  .addCommand(startCommand());

await program.parseAsync();
