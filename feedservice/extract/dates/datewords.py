"""Names of months, half days and zones, in the languages that pages are written in."""

from __future__ import annotations

from unicodedata import normalize

_MONTHS = """
zh 一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月
en january february march april may june july august september october november december
en jan feb mar apr may jun jul aug sep oct nov dec
en - - - - - - - - sept - - -
de januar februar märz april mai juni juli august september oktober november dezember
de jänner feber maerz - - - - - - okt - dez
de jän - mär - - - - - - - - -
fr janvier février mars avril mai juin juillet août septembre octobre novembre décembre
fr janv févr - avr - - juil aout - - - déc
fr jan fevrier - - - - juill - - - - decembre
es enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
es ene - - abr - - - ago setiembre - - dic
pt janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
pt - fev - - mai - - - set out - dez
it gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
it gen - - - mag giu lug - - ott - dic
nl januari februari maart april mei juni juli augustus september oktober november december
nl - - mrt - - - - aug - - - -
sv januari februari mars april maj juni juli augusti september oktober november december
da januar februar marts april maj juni juli august september oktober november december
no januar februar mars april mai juni juli august september oktober november desember
no - - - - - - - - - - - des
fi tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta - - - - - -
fi - - - - - - heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
pl stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
pl styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
pl sty lut mar kwi maj cze lip sie wrz paź lis gru
cs ledna února března dubna května června července srpna září října listopadu prosince
cs leden únor březen duben květen červen červenec srpen - říjen listopad prosinec
sk januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
hr siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca
ro ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
hu január február március április május június július augusztus szeptember október november december
tr ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
id januari februari maret april mei juni juli agustus september oktober november desember
ru января февраля марта апреля мая июня июля августа сентября октября ноября декабря
ru январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
ru янв фев мар апр - июн июл авг сен окт ноя дек
uk січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
bg януари февруари март април май юни юли август септември октомври ноември декември
sr januar februar mart april maj jun jul avgust septembar oktobar novembar decembar
el ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
ar يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
fa ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر
hi जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
hi - फरवरी - - - - - - सितम्बर अक्तूबर नवम्बर दिसम्बर
gu જાન્યુઆરી ફેબ્રુઆરી માર્ચ એપ્રિલ મે જૂન જુલાઈ ઓગસ્ટ સપ્ટેમ્બર ઓક્ટોબર નવેમ્બર ડિસેમ્બર
bn জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর
ca gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
lt sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio
lv janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris
et jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
tr oca şub - nis - haz tem ağu eyl eki kas ara
tr - - - - mayis - - ağustos - - kasim aralik
ru - февр - - - июн июл - сент - нояб -
uk січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень
uk січ лют бер кві тра чер лип сер вер жов лис гру
be студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня
bg яну - - - - - - - септ - ное -
mk јануари февруари март април мај јуни јули август септември октомври ноември декември
sr јануар фебруар март април мај јун јул август септембар октобар новембар децембар
sr јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра
sr јан феб - - - - - авг сеп - - дец
sr januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra
hr siječanj veljača ožujak travanj svibanj lipanj srpanj kolovoz rujan - studeni prosinac
sl januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra
sl - - marec - - junij julij - - - - -
sk - - - apríl máj jún júl - - - - -
hu - febr márc ápr - - - - szept - - -
ro ian - - - - iun iul - - - noi -
el ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος σεπτέμβριος οκτώβριος νοέμβριος δεκέμβριος
el ιαν φεβ μαρ απρ μαϊ ιουν ιουλ αυγ σεπ οκτ νοε δεκ
el - - μάρ - μάι ιούν ιούλ αύγ σεπτ - - -
ar - - - ابريل - - - اغسطس - اكتوبر - -
ar - شباط آذار نيسان أيار حزيران تموز آب أيلول - - -
ar - - اذار - ايار - - اب ايلول - - -
ar جانفي فيفري - أفريل ماي جوان جويلية أوت - - - -
ar - - - - - - يوليوز غشت شتنبر - نونبر دجنبر
he ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
he בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר
ur جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
mr जानेवारी फेब्रुवारी मार्च एप्रिल मे जून जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर
pa ਜਨਵਰੀ ਫਰਵਰੀ ਮਾਰਚ ਅਪ੍ਰੈਲ ਮਈ ਜੂਨ ਜੁਲਾਈ ਅਗਸਤ ਸਤੰਬਰ ਅਕਤੂਬਰ ਨਵੰਬਰ ਦਸੰਬਰ
bn জানুয়ারী ফেব্রুয়ারী - - - - - - - - - -
ta ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்
te జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జులై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్
ml ജനുവരി ഫെബ്രുവരി മാർച്ച് ഏപ്രിൽ മെയ് ജൂൺ ജൂലൈ ഓഗസ്റ്റ് സെപ്റ്റംബർ ഒക്ടോബർ നവംബർ ഡിസംബർ
kn ಜನವರಿ ಫೆಬ್ರವರಿ ಮಾರ್ಚ್ ಏಪ್ರಿಲ್ ಮೇ ಜೂನ್ ಜುಲೈ ಆಗಸ್ಟ್ ಸೆಪ್ಟೆಂಬರ್ ಅಕ್ಟೋಬರ್ ನವೆಂಬರ್ ಡಿಸೆಂಬರ್
th มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม
th มค กพ มีค เมย พค มิย กค สค กย ตค พย ธค
ka იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი
hy հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի դեկտեմբերի
kk қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан
az yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr
uz - - - - - - - avgust sentabr oktabr - -
uz - - - - - - - - сентябр октябр ноябр декабр
sq janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor
sw - - machi aprili - - julai agosti septemba oktoba novemba desemba
ms - - - - - - - ogos - - - disember
id - - - - - - - agu - - - -
tl - pebrero marso - mayo hunyo hulyo - setyembre oktubre nobyembre disyembre
is janúar febrúar - apríl maí júní júlí ágúst - október nóvember -
gl xaneiro febreiro - - maio xuño xullo - - - - decembro
eu urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren irailaren - - -
eu - - - - - - - - - urriaren azaroaren abenduaren
cy ionawr chwefror mawrth ebrill - mehefin gorffennaf awst medi hydref tachwedd rhagfyr
lv janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī decembrī
"""


def _table() -> dict[str, int]:
    """Month numbers by name; where two languages mean different months by one word, the first listed wins."""
    table: dict[str, int] = {}
    for row in _MONTHS.strip().splitlines():
        for number, name in enumerate(row.split()[1:], start=1):
            if name != "-":
                table.setdefault(normalize("NFC", name), number)
    return table


MONTHS = _table()


def month_named(name: str) -> int | None:
    """The number of the month that a word names, its case, its dots and its way of being encoded aside."""
    plain = name.lower().replace(".", "")
    return MONTHS.get(plain if plain.isascii() else normalize("NFC", plain))


ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120,
    "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "ist": 330, "wib": 420, "ict": 420, "hkt": 480, "sgt": 480,
    "awst": 480, "jst": 540, "kst": 540, "acst": 570, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "est": -300,
    "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "brt": -180,
}  # fmt: skip
"""Offsets in minutes. CST is left out: it is China's as well as Chicago's, so the zone of the site decides."""

AFTERNOON = frozenset(
    {"pm", "p.m.", "p.m", "下午", "晚上", "晚", "晚间", "傍晚", "夜间", "오후", "午後", "μμ", "μ.μ.", "م"}
)
FORENOON = frozenset({"am", "a.m.", "a.m", "上午", "早上", "凌晨", "清晨", "早", "오전", "午前", "πμ", "π.μ.", "ص"})
NOON = frozenset({"中午"})
