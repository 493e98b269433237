import { type ChangeEvent, type ReactNode, useState } from 'react';
import { useWords } from '../words/words.tsx';
import { clearName, isRequired, isShown, type SchemaField, valueAt } from './schema-field.ts';

/** Texts that may be longer than this, the longest e-mail address, get more than one line. */
const LONG = 320;
/** A secret that may be longer than this is a key of several lines. */
const MANY_LINES = 1000;

interface SchemaFormProps {
  fields: readonly SchemaField[];
  /** What is set already; secrets are `{ set: true }`. */
  settings: unknown;
  /** What the hub said is wrong, by path. */
  mistakes: ReadonlyMap<string, string>;
}

/** The inputs of an account's settings, made from the channel's own schema. Values are read from the form. */
export function SchemaForm({ fields, settings, mistakes }: SchemaFormProps): ReactNode {
  const words = useWords();
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  if (fields.length === 0) return <p className="faint">{words.settings.noSettings}</p>;
  const valueOf = (path: string) =>
    chosen.get(path) ?? String(valueAt(settings, path) ?? fieldAt(fields, path)?.schema.default ?? '');
  const onChange = ({ target }: ChangeEvent<HTMLDivElement>) => {
    const { name, value, type, checked } = target as unknown as HTMLInputElement;
    if (name) setChosen(new Map(chosen).set(name, type === 'checkbox' ? String(checked) : value));
  };
  const shown = fields
    .filter((field) => isShown(field, valueOf))
    .map((field) => ({ ...field, required: isRequired(field, valueOf) }));
  return (
    <div className="form-fields" onChange={onChange}>
      {groupsOf(shown).map(({ group, members }) => (
        <FieldGroup
          key={group?.path ?? members[0]!.path}
          group={group}
          open={isNeeded(members, settings, mistakes)}
        >
          {members.map((field) => (
            <SchemaInput
              key={field.path}
              field={field}
              value={valueAt(settings, field.path)}
              mistake={mistakes.get(field.path)}
            />
          ))}
        </FieldGroup>
      ))}
    </div>
  );
}

const fieldAt = (fields: readonly SchemaField[], path: string) => fields.find((field) => field.path === path);

interface GroupProps {
  group: SchemaField['group'];
  open: boolean;
  children: ReactNode;
}

/** The settings of one object under its name, folded until something in it is set or must be. */
function FieldGroup({ group, open, children }: GroupProps): ReactNode {
  if (!group) return children;
  return (
    <details className="form-group" open={open}>
      <summary>{group.label}</summary>
      {group.help && <p className="form-help">{group.help}</p>}
      {children}
    </details>
  );
}

function groupsOf(fields: readonly SchemaField[]): { group: SchemaField['group']; members: SchemaField[] }[] {
  const groups: { group: SchemaField['group']; members: SchemaField[] }[] = [];
  for (const field of fields) {
    const last = groups.at(-1);
    if (last && last.group?.path === field.group?.path) last.members.push(field);
    else groups.push({ group: field.group, members: [field] });
  }
  return groups;
}

function isNeeded(
  members: readonly SchemaField[],
  settings: unknown,
  mistakes: ReadonlyMap<string, string>,
): boolean {
  return members.some(({ path, required, schema }) => {
    const value = valueAt(settings, path);
    const isSet = value !== undefined && value !== '' && value !== schema.default;
    return required || mistakes.has(path) || (isSet && !(Array.isArray(value) && value.length === 0));
  });
}

function SchemaInput(props: { field: SchemaField; value: unknown; mistake: string | undefined }): ReactNode {
  const { field, mistake } = props;
  const words = useWords();
  const isCheck = field.schema.type === 'boolean';
  const helpId = `help-${field.path}`;
  const help =
    field.schema.type === 'array'
      ? [field.help, words.settings.linesHint].filter(Boolean).join(' · ')
      : field.help;
  return (
    <div className={isCheck ? 'form-row check' : 'form-row'}>
      <label htmlFor={`field-${field.path}`}>
        {field.label}
        {field.required && !isCheck && <span className="required"> *</span>}
      </label>
      <Input {...props} helpId={help || mistake ? helpId : undefined} />
      {(help || mistake) && (
        <p id={helpId} className={mistake ? 'form-error' : 'form-help'}>
          {mistake ?? help}
        </p>
      )}
    </div>
  );
}

interface InputProps {
  field: SchemaField;
  value: unknown;
  helpId: string | undefined;
  mistake: string | undefined;
}

function Input({ field, value, helpId, mistake }: InputProps): ReactNode {
  const { path, schema, required } = field;
  const common = {
    id: `field-${path}`,
    name: path,
    'aria-describedby': helpId,
    'aria-invalid': mistake ? true : undefined,
  };
  const given = value ?? schema.default;
  if (schema.type === 'boolean') return <input {...common} type="checkbox" defaultChecked={given === true} />;
  if (schema.enum) {
    return (
      <select {...common} className="field" defaultValue={String(given ?? '')} required={required}>
        {!required && schema.default === undefined && <option value="" />}
        {field.options.map(({ value: one, label }) => (
          <option key={one} value={one}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  if (schema.type === 'array') {
    const lines = Array.isArray(given) ? given.join('\n') : '';
    return <textarea {...common} className="field" rows={3} defaultValue={lines} required={required} />;
  }
  if ((schema.maxLength ?? 0) > LONG && !schema['x-secret']) {
    return (
      <textarea
        {...common}
        className="field"
        rows={2}
        maxLength={schema.maxLength}
        defaultValue={typeof given === 'string' ? given : ''}
        required={required}
      />
    );
  }
  if (schema['x-secret']) {
    const isSet = (value as { set?: boolean } | undefined)?.set === true;
    return <SecretInput common={common} field={field} isSet={isSet} />;
  }
  return (
    <input
      {...common}
      className="field"
      type={inputType(schema.type, schema.format)}
      defaultValue={typeof given === 'string' || typeof given === 'number' ? given : ''}
      required={required}
      pattern={schema.pattern}
      minLength={schema.minLength}
      maxLength={schema.maxLength}
      min={schema.minimum}
      max={schema.maximum}
      step={schema.type === 'integer' ? 1 : 'any'}
    />
  );
}

interface SecretProps {
  common: { id: string; name: string };
  field: SchemaField;
  isSet: boolean;
}

/** A secret is never shown. A stored one stays, is replaced, or is taken away. */
function SecretInput({ common, field, isSet }: SecretProps): ReactNode {
  const words = useWords();
  const [cleared, setCleared] = useState(false);
  const { path, required, schema } = field;
  const input = {
    ...common,
    autoComplete: 'new-password',
    placeholder: cleared ? words.settings.secretCleared : isSet ? words.settings.secretSet : undefined,
    required: required && !isSet,
    maxLength: schema.maxLength,
    disabled: cleared,
  };
  return (
    <span className="secret-input">
      {(schema.maxLength ?? 0) > MANY_LINES ? (
        <textarea {...input} className="field secret-text" rows={3} spellCheck={false} />
      ) : (
        <input {...input} className="field" type="password" />
      )}
      {isSet && !required && (
        <button type="button" className="button quiet small" onClick={() => setCleared(!cleared)}>
          {cleared ? words.settings.secretKeep : words.settings.secretClear}
        </button>
      )}
      {cleared && <input type="hidden" name={clearName(path)} value="1" />}
    </span>
  );
}

function inputType(type: string | undefined, format: string | undefined): string {
  if (type === 'integer' || type === 'number') return 'number';
  return { email: 'email', uri: 'url' }[format ?? ''] ?? 'text';
}
