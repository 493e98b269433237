/** A charset that mail is written in without saying so, and how its text is told from noise. */
export interface Candidate {
  charset: string;
  /** Added to the mean weight, for how common such mail is. */
  prior: number;
  /** From -4 (no such thing in a text) to 2 (an everyday character); `before` is the character before it. */
  weigh(character: string, before: string): number;
}

const simplified = new Set(
  '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运您请谢订单邮件附复件转收货款退换客服联系发送主题公司有限产品',
);
const traditional = new Set(
  '的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運您請謝訂單郵件附覆轉收貨款退換客服聯繫發送主旨公司有限產品寄',
);
const commonKanji = new Set(
  '日一国会人年大十二本中長出三同時政事自行社見月分議後前民生連五発間対上部東者党地合市業内相方四定今回新場金員九入選立開手米力学問高代明実円関決子動京全目表戦経通外最言氏現理調体化田当八六約主題下首意法不来作性的要用制治度務強気小七成期公野協取都和統以機平総加山思家話世受区領多県続進正安設保改数記院女初北午指権心界支第産結百派点教報済書府活原先共得解名交資予川向際査勝面委告軍文反元重近千考判認画海参売利組知案道信策集在件団別物側任引使求所次水半品昨論計死官増係感特情投示変打男基私各始島直両朝革価式確村提運終挙果西勢減台広容必応演電歳住争談能無再位置企真流格有疑口過局少放税検藤町常校料沢裁状工建語球営空職証土与急止送援供可役構木割聞身費付施切由説転食比難防補車優夫研収断井何南石足違消境神番規術護展態導鮮備宅害配副算視条幹独警宮究育席輸訪楽起万着乗店述残想線率病農州武声質念待試族象銀域助労例衛然早張映限親額監環験追審商葉義伝働形景落欧担好退準賀訴辺造英被株頭技低毎医復仕去姿味負閣韓渡失移差衆個門写評課末守若脳極種美岡影命含福蔵量望松非撃佐核観察整段横融型白深字答夜製票況音申様財港識注呼渉達様頂願致',
);

const punctuation = (character: string) =>
  (character >= '\u3000' && character <= '\u303f') || (character >= '\uff01' && character <= '\uff5e');
const isHan = (character: string) => character >= '\u4e00' && character <= '\u9fff';
const isHangul = (character: string) => character >= '\uac00' && character <= '\ud7a3';
const isKana = (character: string) => character >= '\u3041' && character <= '\u30fc';
const isHalfKana = (character: string) => character >= '\uff61' && character <= '\uff9f';

const chinese = (everyday: Set<string>) => (character: string) => {
  if (everyday.has(character)) return 2;
  if (isHan(character)) return character > '\u9fa0' ? -1 : 0.35;
  if (punctuation(character)) return 1;
  return isKana(character) || isHangul(character) ? -0.5 : -1.5;
};
const japanese = (character: string) => {
  if (isKana(character)) return 2;
  if (commonKanji.has(character)) return 1.5;
  if (isHan(character)) return 0.1;
  if (isHalfKana(character)) return -0.6;
  return punctuation(character) ? 1 : -1.5;
};
const korean = (character: string) => {
  if (isHangul(character)) return everydayHangul.has(character) ? 2 : 0.6;
  return punctuation(character) ? 1 : isHan(character) ? -0.3 : -1.5;
};
const everydayHangul = new Set(
  '이다는에을의가하고지한로사를기은도아자어리서시나대해인일스정있요라부장제보수니전주들그것상으여만게원공구우조동과오적선안신경유세성비문모방미마면소습합와할거내무용중관연국생되개위저당회학없화진말분드명까입려트발감님안녕세요답메번호확',
);

const isLatin = (character: string) => /[a-z]/i.test(character);
/** An upper-case letter that follows a lower-case one is a sign of a wrong reading. */
const isUpperAfterLower = (character: string, before: string) =>
  character !== character.toLowerCase() && /\p{Ll}/u.test(before);
const ordinaryMarks = new Set('\u00a0«»“”‘’„…–—•€£§°©®™№');

/** Letters of another script than Latin: they stand together, never within a Latin word. */
const script = (everyday: string, other: RegExp) => {
  const set = new Set(everyday);
  return (character: string, before: string) => {
    if (set.has(character) || other.test(character)) {
      if (isLatin(before)) return -2;
      if (isUpperAfterLower(character, before)) return -1;
      return set.has(character) ? 1.2 : 0.3;
    }
    if (character <= '\u009f') return -3;
    return ordinaryMarks.has(character) ? 0.5 : -1;
  };
};

/** Letters with marks: they stand alone among plain ones, or (Slavic words) beside another of their alphabet. */
const marked = (everyday: string, other: RegExp, beside = '') => {
  const set = new Set(everyday);
  const neighbours = new Set(beside);
  return (character: string, before: string) => {
    if (set.has(character) || other.test(character)) {
      if (before > '\u00bf' && !ordinaryMarks.has(before))
        return neighbours.has(before) && neighbours.has(character) ? 1 : -1;
      if (isUpperAfterLower(character, before)) return -1;
      return set.has(character) ? 1.2 : 0;
    }
    if (character <= '\u009f') return -3;
    // `z³y`, `mo¿e`: a sign within a word is a letter of another charset. `m²` and `¿qué` are not.
    if (signsLikeLetters.has(character)) return isLatin(before) && before !== 'm' ? -2 : 0;
    return ordinaryMarks.has(character) ? 0.5 : -1;
  };
};
const signsLikeLetters = new Set('¡¢£¥¦¨ª¬¯±²³´µ¶·¸¹º¼½¾¿×÷');

const cyrillic = script('оеаинтсрвлкмдпуяызьбгчйхжОЕАИНТСРВЛКМДПУЯЗБГЧ', /[\u0400-\u045f\u0490\u0491]/);
const hebrew = script('אבגדהוזחטיכלמנסעפצקרשתםןךףץ', /[\u05b0-\u05f4]/);
const greek = script('αειοτσνηυρπκλμςάέόίήύώγδθφχβωξψζ', /[\u0384-\u03ce]/);
const arabic = script('ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإءئؤ', /[\u060c-\u06ff]/);
const thai = script('กขคงจชซญดตถทธนบปผพฟมยรลวศสหอฮะาำเแโไใ', /[\u0e01-\u0e5b]/);
const latin = /[À-ɏ]/;
const western = marked('äöüßéèêàáâçñóíúìòôùûëïîåøæãõÄÖÜÉÀÅØÆÇÑÓ', latin);
const polish = marked('ąćęłńóśźżĄĆĘŁŃÓŚŹŻ', latin, 'ąćęłńóśźż');
const czech = marked('áčďéěíňóřšťúůýžĺľŕôäÁČĎÉÍŘŠŤÚÝŽ', latin, 'áčďéěíňóřšťúůýž');
const hungarian = marked('áéíóöőúüűÁÉÍÓÖŐÚÜŰ', latin);
const balkan = marked('čćđšžăâîşţșțČĆĐŠŽĂÂÎŞŢ', latin);
const turkish = marked('ışğçöüâîİŞĞÇÖÜ', latin);

const inBoth = (weigh: Candidate['weigh']): Candidate[] => [
  { charset: 'windows-1250', prior: 0, weigh },
  { charset: 'iso-8859-2', prior: -0.02, weigh },
];

/** In order of preference: the first of equals wins. */
export const candidates: readonly Candidate[] = [
  { charset: 'gb18030', prior: 0.1, weigh: chinese(simplified) },
  { charset: 'big5-hkscs', prior: 0.05, weigh: chinese(traditional) },
  { charset: 'cp932', prior: 0.05, weigh: japanese },
  { charset: 'euc-jp', prior: 0, weigh: japanese },
  { charset: 'cp949', prior: 0, weigh: korean },
  { charset: 'windows-1252', prior: 0.25, weigh: western },
  { charset: 'windows-1251', prior: 0, weigh: cyrillic },
  { charset: 'koi8-r', prior: 0, weigh: cyrillic },
  { charset: 'iso-8859-5', prior: -0.1, weigh: cyrillic },
  { charset: 'cp866', prior: -0.1, weigh: cyrillic },
  ...inBoth(polish),
  ...inBoth(czech),
  ...inBoth(hungarian),
  ...inBoth(balkan),
  { charset: 'windows-1254', prior: 0, weigh: turkish },
  { charset: 'windows-1253', prior: 0, weigh: greek },
  { charset: 'iso-8859-7', prior: -0.02, weigh: greek },
  { charset: 'windows-1255', prior: 0, weigh: hebrew },
  { charset: 'windows-1256', prior: 0, weigh: arabic },
  { charset: 'windows-874', prior: 0, weigh: thai },
];

/** Charsets of texts whose characters beyond ASCII stand together. */
export const runs: ReadonlySet<string> = new Set(
  candidates
    .filter(({ weigh }) => ![western, polish, czech, hungarian, balkan, turkish].includes(weigh as never))
    .map(({ charset }) => charset),
);
