import type { ReactNode } from 'react';
import { useWords } from '../words/words.tsx';
import { type SchemaField, valueAt } from './schema-field.ts';

/** Texts that may be longer than this get more than one line. */
const LONG = 250;

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
  if (fields.length === 0) return <p className="faint">{words.settings.noSettings}</p>;
  return fields.map((field) => (
    <SchemaInput
      key={field.path}
      field={field}
      value={valueAt(settings, field.path)}
      mistake={mistakes.get(field.path)}
    />
  ));
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
  const words = useWords();
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
    const isSet = typeof value === 'object' && value !== null;
    return (
      <input
        {...common}
        className="field"
        type="password"
        autoComplete="new-password"
        placeholder={isSet ? words.settings.secretSet : undefined}
        required={required && !isSet}
      />
    );
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

function inputType(type: string | undefined, format: string | undefined): string {
  if (type === 'integer' || type === 'number') return 'number';
  return { email: 'email', uri: 'url' }[format ?? ''] ?? 'text';
}
