import type { TranscriptLine } from '@yixian/channel';
import type {
  Attachment,
  ConversationShown,
  VisitorConversation,
  VisitorFile,
  VisitorLine,
} from '@yixian/contracts';

/** For how long after a conversation was closed its visitor is asked to rate it, in milliseconds. */
const SURVEY_WITHIN = 24 * 60 * 60 * 1000;

/** A line of the transcript as the visitor's browser shows it. */
export function toVisitor(line: TranscriptLine, shown: (file: Attachment) => VisitorFile): VisitorLine {
  const { position, id, from, authorName, text, attachments, payload, at } = line;
  return {
    position,
    id,
    ...(typeof payload.nonce === 'string' && { nonce: payload.nonce }),
    from: from === 'customer' ? 'visitor' : from,
    name: authorName,
    text,
    files: attachments.map(shown),
    at,
  };
}

/** What the visitor may know of their conversation. */
export function conversationToVisitor(
  shown: ConversationShown,
  survey: { wanted: boolean; done: boolean; now: number },
): VisitorConversation {
  const closed = shown.state === 'closed';
  const recent = survey.now - Date.parse(shown.occurredAt) < SURVEY_WITHIN;
  return {
    id: shown.conversationId,
    closed,
    agentName: shown.agentName,
    survey: closed && survey.wanted && !survey.done && recent,
  };
}
