"""Traditional characters read as the simplified ones that the vocabularies of labels, roles and refusals are kept in.

One character stands for one, so that what is found in a folded text stands at the same place in the page's own. What
is handed on is never folded: a name keeps the characters that it is written with.
"""

from __future__ import annotations

_PAIRS = (
    "來来佈布係系個个傳传價价們们倉仓優优內内兩两冊册別别刪删創创劃划務务動动區区協协單单員员問问國国圍围園园圖图團团"
    "執执報报場场學学實实審审寫写專专導导將将層层屬属師师帶带幹干廠厂廣广廳厅後后從从復复應应態态戶户據据採采"
    "掃扫換换損损擊击擴扩攝摄數数於于時时書书會会機机條条樣样標标樂乐權权歡欢歸归歷历檔档欄栏沒没準准滿满"
    "測测為为灣湾瀏浏無无熱热營营狀状獨独獲获現现產产畫画當当發发監监盡尽眾众碼码確确稱称種种筆笔簡简簽签"
    "糾纠紀纪約约級级終终組组細细結结給给絡络統统經经維维綜综網网線线編编縣县總总習习聞闻聯联聽听職职臺台與与興兴"
    "舉举號号處处術术衛卫製制補补複复見见視视覺觉覽览觀观計计訂订訊讯記记訪访設设許许評评詞词試试詩诗話话該该詳详"
    "認认語语說说説说請请論论調调證证讀读讓让變变讚赞貼贴費费資资賬账贊赞責责輯辑轉转載载辦办連连進进運运過过達达還还這这選选"
    "鄉乡郵邮鈕钮鍵键鎮镇鏈链錯错錄录鐘钟長长門门閉闭開开間间閱阅關关隊队隨随險险雙双雜杂雲云電电頁页頂顶項项須须預预"
    "頭头頻频題题類类顯显館馆駐驻體体點点黨党賞赏獎奖贈赠週周誌志綫线裡里裏里啟启衆众際际娛娱劇剧財财陸陆遊游檢检隱隐範范繼继續续"
)
_TABLE = str.maketrans(_PAIRS[::2], _PAIRS[1::2])


def folded(text: str) -> str:
    """The text with its traditional characters made simplified, as long as before: 更新時間 becomes 更新时间."""
    return text if text.isascii() else text.translate(_TABLE)
