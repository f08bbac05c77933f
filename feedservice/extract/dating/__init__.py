"""When an article was published and last changed, among all the dates on its page.

`when.py` asks in order and `chosen.py` weighs: `markeddates.py` (what elements mark), `stateddates.py` (what the page
states), `addressdates.py` (what its address says), `supposed.py` (a guess, where nothing tells).
"""
