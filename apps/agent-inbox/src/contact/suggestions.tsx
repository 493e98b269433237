import type { ContactId, IdentitySuggestion, InboxView } from '@yixian/contracts';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { useDesk, useDeskState } from '../desk/desk-context.tsx';
import { inboxUrl } from '../inbox/inbox-place.ts';
import { useWords } from '../words/words.tsx';
import { claimWords } from './claim-words.ts';
import { useRelink } from './use-relink.ts';

/** Others this may be, by something that nobody proved: an agent links the two, or says that they are not the same. */
export function Suggestions({ contactId, view }: { contactId: ContactId; view: InboxView }): ReactNode {
  const words = useWords();
  const suggestions = useDeskState((state) => state.details.get(contactId)?.suggestions);
  if (!suggestions?.length) return null;
  return (
    <section className="contact-section conflicts">
      <h3>{words.contact.suggestions}</h3>
      {suggestions.map((suggestion) => (
        <Suggestion key={suggestion.id} suggestion={suggestion} contactId={contactId} view={view} />
      ))}
    </section>
  );
}

interface SuggestionProps {
  suggestion: IdentitySuggestion;
  contactId: ContactId;
  view: InboxView;
}

function Suggestion({ suggestion, contactId, view }: SuggestionProps): ReactNode {
  const words = useWords();
  const { api } = useDesk();
  const { run, failure, busy } = useRelink(() => setReason(undefined));
  const [reason, setReason] = useState<string>();
  const { id, identityId, otherContactId } = suggestion;
  const claim = claimWords(suggestion.claim, words);
  const other = otherContactId === contactId ? suggestion.contactId : otherContactId;
  return (
    <div className="suggestion">
      <p>
        {words.contact.suggestionText(claim)}{' '}
        <Link href={inboxUrl({ view, contactId: other })}>{words.contact.conflictOpen}</Link>
      </p>
      {reason === undefined ? (
        <div className="button-row">
          <button
            type="button"
            className="button small"
            onClick={() => setReason(words.contact.suggestionReason(claim))}
          >
            {words.contact.linkSubmit}
          </button>
          <button
            type="button"
            className="button quiet small"
            disabled={busy}
            onClick={() => void run(() => api.dismissSuggestion(contactId, id))}
          >
            {words.contact.dismiss}
          </button>
        </div>
      ) : (
        <form
          className="suggestion-form"
          onSubmit={(event) => {
            event.preventDefault();
            void run(() => api.link(otherContactId, identityId, reason.trim()));
          }}
        >
          <input
            className="field"
            aria-label={words.contact.linkReason}
            value={reason}
            required
            maxLength={500}
            autoFocus
            onChange={(event) => setReason(event.target.value)}
          />
          <div className="button-row">
            <button type="submit" className="button primary small" disabled={busy}>
              {words.contact.linkSubmit}
            </button>
            <button type="button" className="button quiet small" onClick={() => setReason(undefined)}>
              {words.cancel}
            </button>
          </div>
        </form>
      )}
      {failure && (
        <p className="form-error" role="alert">
          {words.failed.act(words.problem[failure])}
        </p>
      )}
    </div>
  );
}
