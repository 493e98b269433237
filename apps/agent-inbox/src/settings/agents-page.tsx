import type { Agent, PatchAgent, Role } from '@yixian/contracts';
import { type ReactNode, useEffect, useState } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { codeOf, RequestFailed } from '../http/request-failed.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useObservable } from '../ui/observable.ts';
import { toast } from '../ui/status-line.tsx';
import { useWords } from '../words/words.tsx';
import { FormFoot } from './form-foot.tsx';
import { SettingsList } from './settings-list.tsx';
import { useSubmit } from './use-submit.ts';

const roles: Role[] = ['agent', 'supervisor', 'admin'];

/** The people who can log in. */
export function AgentsPage(): ReactNode {
  const words = useWords();
  const { agents } = useDesk();
  const loaded = useObservable(agents.state);
  const [editing, setEditing] = useState<Agent | 'new'>();
  useEffect(() => void agents.load(), [agents]);
  const done = () => {
    setEditing(undefined);
    void agents.load();
  };
  return (
    <>
      <SettingsList
        title={words.settings.agents}
        hint={words.settings.agentsHint}
        createLabel={words.settings.newAgent}
        onCreate={() => setEditing('new')}
        resource={agents}
        loaded={loaded}
      >
        {(agent) => (
          <AgentItem key={agent.id} agent={agent} onEdit={() => setEditing(agent)} onChanged={done} />
        )}
      </SettingsList>
      {editing && (
        <AgentForm
          agent={editing === 'new' ? undefined : editing}
          onDone={done}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  );
}

interface AgentItemProps {
  agent: Agent;
  onEdit: () => void;
  onChanged: () => void;
}

function AgentItem({ agent, onEdit, onChanged }: AgentItemProps): ReactNode {
  const words = useWords();
  const desk = useDesk();
  const toggle = () =>
    desk.api
      .patchAgent(agent.id, { disabled: !agent.disabled })
      .then(onChanged, (thrown: unknown) =>
        toast(thrown instanceof RequestFailed ? thrown.message : words.problem[codeOf(thrown)]),
      );
  return (
    <li className="settings-item" data-off={agent.disabled ? '' : undefined}>
      <Avatar of={agent.id} name={agent.name} size={36} />
      <span className="settings-text">
        <strong>{agent.name}</strong>
        <span className="faint">
          {agent.email} · {words.role[agent.role]}
        </span>
      </span>
      {agent.disabled && <span className="off-mark">{words.settings.suspended}</span>}
      <span className="button-row">
        <button type="button" className="button small" onClick={onEdit}>
          {words.edit}
        </button>
        <button
          type="button"
          className="button quiet small"
          disabled={agent.id === desk.agent.id}
          onClick={() => void toggle()}
        >
          {agent.disabled ? words.settings.restore : words.settings.suspend}
        </button>
      </span>
    </li>
  );
}

interface AgentFormProps {
  agent: Agent | undefined;
  onDone: () => void;
  onClose: () => void;
}

function AgentForm({ agent, onDone, onClose }: AgentFormProps): ReactNode {
  const words = useWords();
  const { api } = useDesk();
  const { onSubmit, busy, problem } = useSubmit(async (form) => {
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const password = String(form.get('password'));
    const given: PatchAgent = {
      name: text('name'),
      email: text('email'),
      role: text('role') as Role,
      locale: text('locale') as Agent['locale'],
      ...(password && { password }),
    };
    if (agent) await api.patchAgent(agent.id, given);
    else await api.createAgent(given as Required<Omit<PatchAgent, 'disabled'>>);
    onDone();
  });
  return (
    <Dialog title={agent ? words.settings.editAgent(agent.name) : words.settings.newAgent} onClose={onClose}>
      <form className="form" onSubmit={onSubmit}>
        <label className="form-row">
          <span>{words.settings.agentName}</span>
          <input
            className="field"
            name="name"
            required
            maxLength={100}
            defaultValue={agent?.name}
            autoFocus
          />
        </label>
        <label className="form-row">
          <span>{words.settings.agentEmail}</span>
          <input
            className="field"
            name="email"
            type="email"
            required
            maxLength={320}
            defaultValue={agent?.email}
          />
        </label>
        <label className="form-row">
          <span>{words.settings.agentRole}</span>
          <select className="field" name="role" defaultValue={agent?.role ?? 'agent'}>
            {roles.map((role) => (
              <option key={role} value={role}>
                {words.role[role]}
              </option>
            ))}
          </select>
        </label>
        <label className="form-row">
          <span>{words.settings.agentLocale}</span>
          <select className="field" name="locale" defaultValue={agent?.locale ?? 'zh-CN'}>
            <option value="zh-CN">简体中文</option>
            <option value="en">English</option>
          </select>
        </label>
        <label className="form-row">
          <span>{words.settings.agentPassword}</span>
          <input
            className="field"
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={10}
            maxLength={200}
            required={!agent}
            aria-describedby="password-help"
          />
          <span id="password-help" className="form-help">
            {agent ? words.settings.agentPasswordKeep : words.settings.agentPasswordHint}
          </span>
        </label>
        <FormFoot problem={problem} busy={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
