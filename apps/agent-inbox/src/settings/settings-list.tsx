import type { ReactNode } from 'react';
import { Icon } from '../ui/icon.tsx';
import type { Loaded, Resource } from '../ui/resource.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { useWords } from '../words/words.tsx';

interface SettingsListProps<T> {
  title: string;
  hint: string;
  createLabel: string;
  onCreate: () => void;
  resource: Resource<readonly T[]>;
  loaded: Loaded<readonly T[]>;
  /** What is said when there is none. */
  nothing?: string;
  children: (item: T) => ReactNode;
}

/** One page of the settings: what it is about, a button to make one more, and those there are. */
export function SettingsList<T>(props: SettingsListProps<T>): ReactNode {
  return (
    <>
      <header className="settings-head">
        <div>
          <h2>{props.title}</h2>
          <p>{props.hint}</p>
        </div>
        <button type="button" className="button primary" onClick={props.onCreate}>
          <Icon name="plus" size={16} />
          {props.createLabel}
        </button>
      </header>
      <Items {...props} />
    </>
  );
}

function Items<T>({ loaded, resource, nothing, children }: SettingsListProps<T>): ReactNode {
  const words = useWords();
  if (loaded.status === 'failed') {
    return (
      <p className="form-error" role="alert">
        {words.failed.load(words.problem[loaded.code])}{' '}
        <button type="button" className="link-button" onClick={() => void resource.load()}>
          {words.retry}
        </button>
      </p>
    );
  }
  if (loaded.status !== 'ready') return <Skeleton rows={3} shape="line" />;
  if (loaded.value.length === 0) return <p className="settings-nothing">{nothing}</p>;
  return <ul className="settings-list">{loaded.value.map(children)}</ul>;
}
