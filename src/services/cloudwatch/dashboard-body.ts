// Bodies of dashboards, checked as far as AWS refuses them. CloudWatch-Dashboard-Body-Structure.html
import { invalidDashboard } from './errors.ts';

export interface DashboardFinding {
  /** A JSON pointer, e.g. `/widgets/0/properties`. */
  dataPath: string;
  message: string;
}

type Properties = Record<string, unknown>;

const positions = { x: [0, 23], y: [0, Infinity], width: [1, 24], height: [1, 1000] } as const;
const bodyMembers = new Set(['widgets', 'start', 'end', 'periodOverride', 'variables']);
const widgetMembers = new Set(['type', 'x', 'y', 'width', 'height', 'properties']);
const required: Readonly<Record<string, string>> = { text: 'markdown', alarm: 'alarms' };

/** Throws DashboardInvalidInputError, naming everything that is wrong; returns what AWS only warns of. */
export function checkDashboardBody(text: string): DashboardFinding[] {
  const body = parse(text);
  const errors: DashboardFinding[] = [];
  const warnings: DashboardFinding[] = [];
  for (const name of Object.keys(body)) {
    if (!bodyMembers.has(name)) warnings.push(unexpected('', name, 'dashboard'));
  }
  const { widgets } = body;
  if (widgets === undefined) errors.push({ dataPath: '', message: "Should have required property 'widgets'" });
  else if (!Array.isArray(widgets)) errors.push({ dataPath: '/widgets', message: 'Should be array' });
  else for (const [index, widget] of widgets.entries()) checkWidget(widget, `/widgets/${index}`, errors, warnings);
  if (errors.length > 0) {
    const count = errors.length === 1 ? 'is 1 validation error' : `are ${errors.length} validation errors`;
    throw invalidDashboard(
      `The dashboard body is invalid, there ${count}:\n${JSON.stringify(errors, undefined, 2)}`,
      errors,
    );
  }
  return warnings;
}

function parse(text: string): Properties {
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body)) return body;
  } catch {
    // Told below, as for what is JSON but no object.
  }
  throw invalidDashboard('The field DashboardBody must be a valid JSON object');
}

function checkWidget(widget: unknown, path: string, errors: DashboardFinding[], warnings: DashboardFinding[]): void {
  if (!isObject(widget)) {
    errors.push({ dataPath: path, message: 'Should be object' });
    return;
  }
  for (const name of Object.keys(widget)) {
    if (!widgetMembers.has(name)) warnings.push(unexpected(path, name, 'widget'));
  }
  for (const name of ['type', 'properties']) {
    if (widget[name] === undefined) {
      errors.push({ dataPath: path, message: `Should have required property '${name}'` });
    }
  }
  for (const [name, [least, most]] of Object.entries(positions)) {
    const value = widget[name];
    const dataPath = `${path}/${name}`;
    if (value === undefined) continue;
    if (!Number.isInteger(value)) errors.push({ dataPath, message: 'Should be integer' });
    else if ((value as number) < least) errors.push({ dataPath, message: `Should be >= ${least}` });
    else if ((value as number) > most) errors.push({ dataPath, message: `Should be <= ${most}` });
  }
  const { type, properties } = widget;
  if (properties === undefined) return;
  if (isObject(properties)) checkProperties(String(type), properties, `${path}/properties`, errors);
  else errors.push({ dataPath: `${path}/properties`, message: 'Should be object' });
}

function checkProperties(type: string, properties: Properties, path: string, errors: DashboardFinding[]): void {
  const member = required[type];
  if (member !== undefined && properties[member] === undefined) {
    errors.push({ dataPath: path, message: `Should have required property '${member}'` });
  }
  if (type !== 'metric') return;
  const { metrics, annotations, region, period } = properties;
  if (typeof region !== 'string' || !(Array.isArray(metrics) || isObject(annotations))) {
    const message = 'The metric widget should have specified a region and a data source or an alarm annotation';
    errors.push({ dataPath: path, message });
  }
  if (typeof period === 'number' && ![1, 5, 10, 20, 30].includes(period) && (period <= 0 || period % 60 !== 0)) {
    errors.push({ dataPath: `${path}/period`, message: 'Should be multiple of 60' });
  }
  if (metrics === undefined) return;
  if (Array.isArray(metrics)) checkMetrics(metrics, `${path}/metrics`, errors);
  else errors.push({ dataPath: `${path}/metrics`, message: 'Should be array' });
}

/** Rows of namespace, metric name and dimensions, with `.` and `...` for what the row before has there. */
function checkMetrics(rows: readonly unknown[], path: string, errors: DashboardFinding[]): void {
  let previous: string[] = [];
  for (const [index, row] of rows.entries()) {
    const dataPath = `${path}/${index}`;
    if (!Array.isArray(row)) {
      errors.push({ dataPath, message: 'Should be array' });
      continue;
    }
    const fields = isObject(row.at(-1)) ? row.slice(0, -1) : row;
    const strange = fields.findIndex((field) => typeof field !== 'string');
    if (strange !== -1) {
      const message = 'Invalid metric field type, only "String" type is allowed';
      errors.push({ dataPath: `${dataPath}/${strange}`, message });
      continue;
    }
    const repeated = fields.findIndex((field, at) => field === '.' && at >= previous.length);
    if (repeated !== -1) {
      const message = 'Repeat marker "." used but not enough fields in previous metric';
      errors.push({ dataPath: `${dataPath}/${repeated}`, message });
    }
    previous = resolved(fields as string[], previous);
  }
}

function resolved(fields: readonly string[], previous: readonly string[]): string[] {
  if (fields[0] !== '...') return fields.map((field, at) => (field === '.' ? (previous[at] ?? '.') : field));
  return [...previous.slice(0, Math.max(0, previous.length - fields.length + 1)), ...fields.slice(1)];
}

function unexpected(dataPath: string, name: string, place: string): DashboardFinding {
  const part = place === 'widget' ? ' to be part of a widget definition' : '';
  return { dataPath, message: `The "${name}" property is not expected${part}, will be ignored` };
}

function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
