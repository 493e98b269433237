import type { ComponentType } from 'react';
import type { AlternativeProps } from './alternative.ts';
import { TemplateForm } from './wechat/template-form.tsx';

/** What can be sent when an ordinary message may not: by the codes that channels give in an allowance. */
const alternatives: Record<string, ComponentType<AlternativeProps>> = { template: TemplateForm };

export const alternativeOf = (code: string): ComponentType<AlternativeProps> | undefined =>
  Object.hasOwn(alternatives, code) ? alternatives[code] : undefined;
