import { phrases } from '../phrases.ts';

/** Names that clients give to the mail they answer, between dashes or underscores. */
export const originalNames = phrases(
  [
    /original[ -]?(?:message|e-?mail|nachricht|meddelelse|melding)?/,
    /(?:reply|replied) message/,
    /quoted message/,
    /urspr(?:ü|ue)ngliche (?:nachricht|e-?mail|mitteilung)/,
    /antwort nachricht/,
    /message (?:d['’]origine|original|initial|précédent)/,
    /e-?mail d['’]origine/,
    /courriel original/,
    /mensaje original/,
    /correo original/,
    /messaggio originale/,
    /mensagem original/,
    /oorspronkelijk bericht/,
    /origineel bericht/,
    /oryginalna wiadomo[sś][cć]/,
    /wiadomo[sś][cć] oryginalna/,
    /исходное сообщение/,
    /исходное письмо/,
    /оригинальное сообщение/,
    /вихідне повідомлення/,
    /(?:元|オリジナル|以前)の?メッセージ/,
    /元のメール/,
    /원본 ?(?:메시지|메일)/,
    /ursprungligt (?:meddelande|mail)/,
    /originalmeddelande/,
    /oprindelig (?:meddelelse|besked)/,
    /opprinnelig melding/,
    /alkuperäinen viesti/,
    /původní (?:zpráva|e-?mail)/,
    /pôvodná správa/,
    /orijinal (?:mesaj|ileti)/,
    /özgün ileti/,
    /eredeti üzenet/,
    /mesaj original/,
    /αρχικό μήνυμα/,
    /thư gốc/,
    /tin nhắn gốc/,
    /pesan asli/,
    /ข้อความต้นฉบับ/,
    /הודעה מקורית/,
    /الرسالة الأصلية/,
    /原始邮件/,
    /原始郵件/,
    /原始信件/,
    /原邮件/,
    /原郵件/,
    /原件/,
    /原信/,
    /回复的(?:原邮件|邮件)/,
    /回覆的郵件/,
    /回复邮件/,
    /回复信息/,
    /历史邮件/,
    /邮件原文/,
    /origin(?:al)? mail/,
  ],
  { before: /^/, after: /$/, flags: 'i' },
);

/** Names that clients give to the mail they pass on. */
export const forwardNames = phrases(
  [
    /forwarded (?:message|mail|e-?mail|letter|by .{1,100})/,
    /(?:begin|start of|inizio del?|beginning of) forwarded (?:message|mail)/,
    /forward(?:ing)? message/,
    /weitergeleitete (?:nachricht|e-?mail)/,
    /anfang der weitergeleiteten (?:nachricht|e-?mail)/,
    /message (?:transféré|réexpédié|transmis)/,
    /début du message (?:transféré|réexpédié)/,
    /(?:mensaje|correo) reenviado/,
    /inicio del mensaje reenviado/,
    /messaggio inoltrato/,
    /inizio (?:del )?messaggio inoltrato/,
    /mensagem (?:encaminhada|reencaminhada)/,
    /início da mensagem (?:encaminhada|reencaminhada)/,
    /doorgestuurd bericht/,
    /begin (?:doorgestuurd|van doorgestuurd) bericht/,
    /(?:przekazana|przesłana dalej) wiadomość/,
    /(?:treść|początek) przekazan(?:ej|ego) wiadomości/,
    /wiadomość przekazana/,
    /пересылаемое сообщение/,
    /пересланное сообщение/,
    /пересылаемое письмо/,
    /перенаправленное сообщение/,
    /начало переадресованного сообщения/,
    /переслане повідомлення/,
    /転送(?:された)?(?:メッセージ|メール)/,
    /전달된 (?:메시지|메일)/,
    /전달된 내용/,
    /vidarebefordrat (?:meddelande|mail)/,
    /vidarebefordrat brev/,
    /videresendt (?:meddelelse|melding|besked)/,
    /start på videresendt (?:meddelelse|besked)/,
    /välitetty viesti/,
    /přeposlaná zpráva/,
    /předaná zpráva/,
    /preposlaná správa/,
    /iletilen (?:mesaj|ileti)/,
    /továbbított (?:üzenet|levél)/,
    /mesaj redirecționat/,
    /προωθημένο μήνυμα/,
    /thư chuyển tiếp/,
    /pesan terusan/,
    /转发(?:的)?(?:邮件|信息|消息|邮件信息)/,
    /已转发邮件/,
    /轉寄(?:的)?(?:郵件|訊息|信件)/,
    /轉發(?:的)?郵件/,
    /轉寄郵件/,
    /開始轉寄郵件/,
    /下面是被转发的邮件/,
    /以下是转发的邮件/,
    /以下為轉寄(?:的)?郵件/,
    /被转发邮件信息/,
  ],
  { before: /^/, after: /[:：]?$/, flags: 'i' },
);

/** What each label of a quoted mail's header means. The labels of a block tell it from a list somebody wrote. */
export type HeaderLabel = 'from' | 'sent' | 'to' | 'cc' | 'subject' | 'other';

const labelWords: Record<HeaderLabel, string> = {
  from: 'from|von|de|da|van|od|от|від|发件人|發件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|보내는 사람|발신|från|fra|lähettäjä|gönderen|kimden|feladó|expéditeur|remitente|mittente|remetente|afzender|nadawca|отправитель|odesílatel|avsändare|avsender|afsender|από|från|în numele|de la|từ|dari|จาก|מאת|من',
  sent: "sent|message du|date|sent on|date sent|sent at|gesendet|datum|envoyé|envoyé le|date d['’]envoi|enviado|enviado el|enviada em|enviado em|enviada|fecha|data|data invio|inviato|verzonden|verstuurd|wysłano|data wysłania|отправлено|дата|дата отправки|надіслано|发送时间|發送時間|发送日期|傳送時間|寄件日期|傳送日期|寄信日期|日期|时间|時間|送信日時|送信日|日付|보낸 날짜|날짜|보낸날짜|보낸시간|발송일|skickat|sendt|sänt|lähetetty|päivämäärä|gönderildi|tarih|gönderme tarihi|odesláno|odoslané|elküldve|küldve|dátum|dato|ημερομηνία|στάλθηκε|trimis|ngày|đã gửi|tanggal|dikirim|วันที่|ส่ง|נשלח|תאריך|تاريخ|التاريخ",
  to: 'to|an|à|a|para|aan|naar|do|кому|收件人|收件者|宛先|받는 사람|받는사람|수신|till|til|vastaanottaja|kime|alıcı|címzett|destinataire|destinatario|destinatários?|komu|adresat|προς|către|đến|tới|kepada|ถึง|אל|إلى',
  cc: 'cc|bcc|kopie|kopia|копия|抄送|副本|抄送人|密送|copie|copia|참조|kopio|bilgi|másolat|kópia|κοινοποίηση|dw|udw',
  subject:
    'subject|re|betreff|betrifft|objet|sujet|asunto|oggetto|assunto|onderwerp|temat|тема|主题|主題|主旨|标题|標題|件名|題名|제목|ämne|emne|aihe|konu|předmět|predmet|tárgy|θέμα|subiect|chủ đề|tiêu đề|subjek|perihal|เรื่อง|נושא|الموضوع',
  other:
    'reply-to|reply to|importance|priority|wichtigkeit|attachments?|anlagen?|anhänge|pièces jointes|organization|message-id|附件|重要性|回复|sensitivity|mailed-by|importancia|priorität|antwort an|return-path|newsgroups|x-mailer',
};

const labels = new Map<string, HeaderLabel>();
for (const [label, words] of Object.entries(labelWords)) {
  for (const word of words.split('|')) if (!labels.has(word)) labels.set(word, label as HeaderLabel);
}

const labelled =
  /^[\s*_|>]{0,8}([\p{L}][\p{L}\p{M}\u3000 '’-]{0,24}?)[\s\u3000]{0,4}[*_]{0,2}[\s\u3000]{0,2}[:：](?:[*_]{0,2})(?=\s|\S|$)/u;

/** The label that a line of a quoted header begins with, and what it says. */
export function headerLine(line: string): { label: HeaderLabel; value: string } | undefined {
  const match = labelled.exec(line.slice(0, 60));
  if (!match) return undefined;
  // A label of two characters is spread with a wide blank.
  const word = match[1]!
    .replaceAll('\u3000', '')
    .replaceAll(/(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])/g, '')
    .trim()
    .toLowerCase();
  const label = labels.get(word);
  return (
    label && {
      label,
      value: line
        .slice(match[0].length)
        .replace(/^[*_\s\u3000]+/, '')
        .trim(),
    }
  );
}

/**
 * The last words of the line that introduces a quote, in any language; those of `loose` only count with a date or an
 * address before them.
 */
export const attributionEnds = phrases(
  [
    /wrote(?: on .{1,100})?/u,
    /writes/u,
    /said/u,
    /写道/u,
    /寫道/u,
    /写到/u,
    /写入/u,
    /來信/u,
    /schrieb(?: .{1,200})?/u,
    /geschrieben(?: .{1,100})?/u,
    /hat .{1,200} geschrieben/u,
    /a écrit/u,
    /écrivait/u,
    /a écrit .{1,120}/u,
    /escribió(?: .{1,160})?/u,
    /escribiste/u,
    /ha scritto/u,
    /scrisse/u,
    /escreveu(?: .{1,160})?/u,
    /escreveu no dia .{1,100}/u,
    /schreef(?: .{1,200})?/u,
    /het volgende geschreven/u,
    /heeft .{1,200} geschreven/u,
    /napisa[lł](?:\(a\)|a|\(-a\))?(?: .{1,120})?/u,
    /pisze/u,
    /пишет/u,
    /написал(?:\(а\)|а)?(?: .{1,120})?/u,
    /пише/u,
    /написав(?:\(ла\))?/u,
    /さんは(?:次のように)?書きました/u,
    /のメール/u,
    /は書きました/u,
    /님이 (?:작성|씀|쓴 글|다음과 같이 썼습니다)/u,
    /작성/u,
    /skrev(?: .{1,200})?/u,
    /har skrevet(?: .{1,100})?/u,
    /kirjoitti(?: .{1,120})?/u,
    /napsal(?:\(a\)|a)?(?: .{1,120})?/u,
    /napísal(?:\(a\)|a)?(?: .{1,120})?/u,
    /yazdı/u,
    /şunları yazdı/u,
    /έγραψε/u,
    /ezt írta(?: .{1,120})?/u,
    /írta(?: .{1,120})?/u,
    /a scris/u,
    /đã viết/u,
    /menulis/u,
    /เขียนว่า/u,
    /כתב(?:\/ה)?/u,
    /כתבה/u,
    /كتب/u,
    /va escriure/u,
    /je (?:\S{1,20} )?napisao\/la/u,
    /rašė/u,
    /kirjutas/u,
  ],
  { after: /[\s\u200e\u200f\u202a-\u202c]{0,8}[:：]?[\s\u200e\u200f\u202a-\u202c*_]{0,8}$/, flags: 'iu' },
);

export const attributionStarts = phrases(
  [
    /on/u,
    /am/u,
    /le/u,
    /el/u,
    /il/u,
    /il giorno/u,
    /in data/u,
    /em/u,
    /no dia/u,
    /op/u,
    /w dniu/u,
    /dnia/u,
    /den/u,
    /dne/u,
    /dňa/u,
    /på/u,
    /pe/u,
    /în/u,
    /vào/u,
    /pada/u,
    /vào lúc/u,
    /at/u,
    /at\d{4}/u,
    /a /u,
    /στις/u,
    /в /u,
    /у /u,
    /於/u,
    /于/u,
    /在/u,
    /quoting/u,
    /von/u,
    /tarih/u,
    /ons/u,
    /tors/u,
    /man/u,
    /tir/u,
    /fre/u,
    /lör/u,
    /sön/u,
    /sun/u,
    /mon/u,
    /tue/u,
    /wed/u,
    /thu/u,
    /fri/u,
    /sat/u,
    /\d/u,
  ],
  { before: /^[\s*_"“]{0,6}/, flags: 'iu' },
);

/** A line of a mail, not yet a word of what it answers: date and address, as Gmail writes in some languages. */
export const addressThenColon =
  /[<([]\s?(?:mailto:)?[^\s<>()[\]@]{1,100}@[^\s<>()[\]]{1,200}[>)\]]\s{0,3}[:：]\s*$/;
export const hasAddress = /[^\s<>()[\]@:,;]{1,64}@[^\s<>()[\]@:,;]{1,255}\.[a-z]/i;
export const hasDate =
  /\d{1,4}\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,4}|\b\d{1,2}:\d{2}\b|\d{1,2}\s?[hH]\s?\d{2}\b|\b(?:19|20)\d{2}\b|\d{4}년/;

/** Lines that say: write above me. */
export const replyAboveLine =
  /^[\s#*=_>-]{0,40}(?:please )?(?:reply|type your reply|respond|write your reply|answer) above th(?:is|e) (?:line|dashed line)[^\n]{0,80}$|^[\s#*=_-]{0,40}请在此(?:行|线)(?:之)?(?:上方|以上)(?:回复|输入)[^\n]{0,60}$|^[\s#*=_-]{0,40}(?:bitte )?(?:oberhalb dieser linie antworten|antworten sie oberhalb dieser linie)[^\n]{0,60}$/i;

/** Whole lines that phones and web mailers add below what was written. */
export const mobileSignatures = [
  /^(?:this (?:e-?mail|message) (?:was|has been) )?(?:sent|posted|get|got|written|delivered)(?: \w+)? (?:from|via|by|with|using|on) (?:my |a |the |an )?(?:mobile|iphone|ipad|ipod|android|blackberry|samsung|galaxy|huawei|xiaomi|mi |redmi|oppo|vivo|oneplus|pixel|nokia|htc|lg |sony|motorola|verizon|t-mobile|at&t|windows|outlook|mail for windows|yahoo|aol|gmail|mailbird|spark|proton ?mail|tutanota|airmail|newton|thunderbird|k-9|fairemail|mailspring|zoho|icloud|apple|smartphone|phone|handheld|tablet|surface|workspace|nine|boxer|typeapp|blue|edison|superhuman|hey|telstra|wireless|phone|vodafone|rogers|bell|lumia|palm|treo|cell|wap)\b[^\n]{0,120}$/i,
  /^(?:sent|posted) from (?:my [\p{L}\p{N} .'’&+/-]{2,60}|mailbox(?: for \w{1,20})?)$/iu,
  /^from my (?:iphone|ipad|ipod|android|blackberry|samsung|galaxy|phone|mobile|smartphone)\b[\w .-]{0,40}$/i,
  /^get outlook for (?:ios|android|mac)(?:\b|https?:)[^\n]{0,120}$/i,
  /^(?:outlook (?:for|pour|für|para|per|voor) (?:ios|android)|(?:download|obtenir|holen sie sich|laden sie|obtener|ottieni|obter|baixar|pobierz|скачать|получить|获取|下載|获得|取得|下载) ?outlook)[^\n]{0,120}$/i,
  /^(?:発|发|發)(?:送|信)?自(?:我(?:的)?|于)?[^\n。！？，,]{1,60}$/,
  /^(?:来自|來自|从我的|從我的|从|從)[^\n。！？，,]{0,12}(?:iphone|ipad|android|手机|手機|邮箱|郵件|网易邮箱|网易邮箱大师|qq邮箱|foxmail|windows|华为|小米|outlook|移动端|邮件应用|客户端)[^\n。！？，,]{0,30}$/i,
  /^(?:通过|透過|使用|由|签名由)[^\n。！？，,]{0,20}(?:iphone|ipad|手机|邮箱|郵箱|outlook|windows|华为|小米|大师|邮件)[^\n。！？，,]{0,20}(?:发送|傳送|發送|定制)?$/i,
  /^(?:从|從) ?windows ?版?(?:邮件|郵件)[^\n]{0,20}$/i,
  /^(?:(?:diese nachricht wurde )?(?:von|mit) (?:meine[mrn]|der|dem|unterwegs)|gesendet (?:von|mit|aus)|von unterwegs gesendet|von (?:samsung|meinem)|diese nachricht wurde von)[^\n]{0,120}(?:gesendet|iphone|ipad|android|smartphone|handy|mail|blackberry|app|galaxy|windows)[^\n]{0,40}$/i,
  /^(?:envoyé|expédié|télécharger outlook|envoyé depuis)(?: \S{1,12}){0,3} (?:de|depuis|à partir de|avec|par|via)\b[^\n]{0,120}$/i,
  /^(?:enviado|enviada|enviad[oa]s)(?: \S{1,12}){0,2} (?:desde|do|de|a partir d[eo]|con|com|via|por)\b[^\n]{0,120}$/i,
  /^(?:inviato|inviata|spedito)(?: \S{1,12}){0,2} (?:da|dal|dall['’]?|con|tramite)\b ?[^\n]{0,120}$/i,
  /^(?:verstuurd|verzonden|gestuurd)(?: \S{1,12}){0,2} (?:vanaf|vanuit|via|met|van)\b[^\n]{0,120}$/i,
  /^(?:wysłane|wysłano|wysłany)(?: \S{1,12}){0,2} (?:z|ze|za pomocą|przez)\b ?[^\n]{0,120}$/i,
  /^(?:отправлено|отправлен[оа]? |послано|відправлено|надіслано)[^\n]{0,120}$/i,
  /^[^\n。]{0,40}から送信(?:されました|しました)?[。.]?$/,
  /^(?:android|ios) ?版? ?(?:用|版)?[^\n]{0,12}outlook[^\n]{0,40}$/i,
  /^(?:나의|내) [^\n]{1,40}에서 보냄$|^[^\n]{1,40}에서 (?:보냈습니다|보낸 메일)[^\n]{0,20}$/,
  /^(?:skickat|skickad|sänt|sendt|sent fra)(?: \S{1,12}){0,2} (?:från|fra|via|med)\b[^\n]{0,120}$/i,
  /^lähetetty[^\n]{0,80}$/i,
  /^(?:odesláno|odoslané|odesílám)[^\n]{0,80}$/i,
  /^[^\n]{0,40}(?:'?(?:d[ae]n|dan|ımdan|imden)) gönderildi\.?$/i,
  /^(?:elküldve|küldve)[^\n]{0,60}$|^[^\n]{1,40}-r[óő]l küldve$/i,
  /^(?:στάλθηκε|trimis|đã gửi từ|được gửi từ|dikirim dari|ส่งจาก|נשלח מ|أرسلت من|مرسل من)[^\n]{0,80}$/i,
];
