// The rows beside those of functions and versions, by what they are of; the same inside and outside of a transaction.
import type { Queries } from '../../../storage/index.ts';
import { AccountUsageRows } from './account-usage.ts';
import { AliasRows } from './aliases.ts';
import { CodeSigningRows } from './code-signing.ts';
import { EventSourceMappingRows } from './event-source-mappings.ts';
import { LayerRows } from './layers.ts';
import { SettingRows } from './settings.ts';

export class Tables {
  readonly aliases: AliasRows;
  readonly settings: SettingRows;
  readonly mappings: EventSourceMappingRows;
  readonly codeSigning: CodeSigningRows;
  readonly usage: AccountUsageRows;
  readonly layers: LayerRows;

  constructor(queries: Queries) {
    this.aliases = new AliasRows(queries);
    this.settings = new SettingRows(queries);
    this.mappings = new EventSourceMappingRows(queries);
    this.codeSigning = new CodeSigningRows(queries);
    this.usage = new AccountUsageRows(queries);
    this.layers = new LayerRows(queries);
  }
}
