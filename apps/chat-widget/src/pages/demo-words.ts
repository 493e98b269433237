import type { VisitorLocale } from '@yixian/contracts';

interface Tea {
  name: string;
  origin: string;
  text: string;
  price: string;
  /** Two colours of the picture: the dry leaf and the cup. */
  colours: [string, string];
}

interface ShopWords {
  other: { locale: VisitorLocale; name: string };
  title: string;
  motto: string;
  nav: string[];
  hero: string;
  heroText: string;
  heroButton: string;
  section: string;
  add: string;
  promises: [string, string][];
  note: string;
  teas: Tea[];
}

const zh: ShopWords = {
  other: { locale: 'en', name: 'English' },
  title: '山岚茶舍',
  motto: '一山一味，一季一茶',
  nav: ['新茶', '茶具', '产地故事', '会员'],
  hero: '秋茶上市，桂香入盏',
  heroText: '安溪、武夷与凤凰山的小农直采，采摘后七日内发货。不合口味，三十天内可退。',
  heroButton: '挑一款茶',
  section: '本周新茶',
  add: '加入购物车',
  promises: [
    ['产地直采', '每一罐都写着茶农的名字'],
    ['满 199 包邮', '顺丰冷链，江浙沪次日达'],
    ['不合口味可退', '三十天内，拆封也可以'],
  ],
  note: '这是一间演示用的商店。右下角的聊天会接到客服的收件箱。',
  teas: [
    {
      name: '凤凰单丛 · 蜜兰香',
      origin: '广东 潮州',
      text: '蜜甜带兰花香，七泡仍有余韵。',
      price: '¥168 / 100 克',
      colours: ['#6b4a2b', '#d99a4e'],
    },
    {
      name: '桂花乌龙',
      origin: '福建 安溪',
      text: '当季金桂三窨，清甜不腻。',
      price: '¥98 / 100 克',
      colours: ['#5c6b35', '#e3bd57'],
    },
    {
      name: '明前龙井',
      origin: '浙江 狮峰',
      text: '豆香鲜爽，扁平光直的一芽一叶。',
      price: '¥320 / 50 克',
      colours: ['#53703a', '#c9d98b'],
    },
    {
      name: '正山小种',
      origin: '福建 桐木关',
      text: '松烟与桂圆干的甜，冬日暖胃。',
      price: '¥138 / 100 克',
      colours: ['#4a2c24', '#b5522f'],
    },
    {
      name: '白毫银针',
      origin: '福建 福鼎',
      text: '满披白毫，毫香蜜韵，可存十年。',
      price: '¥268 / 50 克',
      colours: ['#9aa38c', '#efe6bf'],
    },
    {
      name: '勐海熟普 · 2016',
      origin: '云南 勐海',
      text: '十年陈化，醇厚顺滑，配点心正好。',
      price: '¥218 / 357 克',
      colours: ['#33211c', '#7a2f1d'],
    },
  ],
};

const en: ShopWords = {
  other: { locale: 'zh-CN', name: '中文' },
  title: 'Mountain Mist Tea',
  motto: 'One mountain, one taste, one season',
  nav: ['New teas', 'Teaware', 'Where it grows', 'Members'],
  hero: 'The autumn harvest is in',
  heroText:
    'Straight from small farms in Anxi, Wuyi and Phoenix Mountain, sent within seven days of picking. Not to your taste? Thirty days to return it.',
  heroButton: 'Find your tea',
  section: 'New this week',
  add: 'Add to basket',
  promises: [
    ['From the farm', "Every tin bears its grower's name"],
    ['Free delivery over ¥199', 'Chilled, mostly the next day'],
    ['Return what you dislike', 'Within thirty days, opened or not'],
  ],
  note: 'This shop is a demonstration. The chat in the corner reaches the agents’ inbox.',
  teas: [
    {
      name: 'Phoenix Dancong, honey orchid',
      origin: 'Chaozhou, Guangdong',
      text: 'Honey and orchid, good for seven cups.',
      price: '¥168 / 100 g',
      colours: ['#6b4a2b', '#d99a4e'],
    },
    {
      name: 'Osmanthus oolong',
      origin: 'Anxi, Fujian',
      text: 'Scented three times with fresh blossom.',
      price: '¥98 / 100 g',
      colours: ['#5c6b35', '#e3bd57'],
    },
    {
      name: 'Longjing, first pick',
      origin: 'Lion Peak, Zhejiang',
      text: 'Fresh, with a note of roasted beans.',
      price: '¥320 / 50 g',
      colours: ['#53703a', '#c9d98b'],
    },
    {
      name: 'Lapsang souchong',
      origin: 'Tongmu, Fujian',
      text: 'Pine smoke and dried longan, for cold days.',
      price: '¥138 / 100 g',
      colours: ['#4a2c24', '#b5522f'],
    },
    {
      name: 'Silver needle',
      origin: 'Fuding, Fujian',
      text: 'White down, honeyed, keeps for ten years.',
      price: '¥268 / 50 g',
      colours: ['#9aa38c', '#efe6bf'],
    },
    {
      name: 'Ripe Pu’er, Menghai 2016',
      origin: 'Menghai, Yunnan',
      text: 'Ten years old, mellow, goes with sweets.',
      price: '¥218 / 357 g',
      colours: ['#33211c', '#7a2f1d'],
    },
  ],
};

export type { ShopWords, Tea };
export const shopWords = (locale: VisitorLocale): ShopWords => (locale === 'en' ? en : zh);
