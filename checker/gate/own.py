"""The gate's own rules: its findings are verdicts like all others, so that every format shows them."""

from __future__ import annotations

import hashlib

from checker.model import Severity, Verdict, VerdictState, record


@record
class Own:
    """A rule of the gate itself; its messages are made where it is judged."""

    id: str
    title: str
    fix: str
    severity: Severity = "must"

    def verdict(self, state: VerdictState, message: str, *about: str) -> Verdict:
        """What the gate finds; ``about`` tells it from others of its kind, run after run."""
        text = "|".join((self.id, *about)).encode("utf-8", "surrogatepass")
        mark = hashlib.blake2b(text, digest_size=8).hexdigest()
        fix = self.fix if state != "unknown" else ""
        return Verdict(self.id, "", state, self.severity, "high", 0, self.title, message, fix, fingerprint=mark)


SCORE = Own("GAT-01", "得分达到要求", "照上面的问题逐条改好，得分就会提高")
COVERAGE = Own("GAT-02", "核对比例达到要求", "换成能读的文件（最好是原始的 .docx 文档），没有读到的内容才能核对")
LEGIBLE = Own("GAT-03", "文字都认得出来", "补上缺的字，另存后再查一次")
EXPIRED = Own(
    "WVR-01", "豁免没有过期", "问题还在就请改好，确需继续豁免的，经批准后改写有效期；已经不需要的，删去这一条"
)
UNUSED = Own("WVR-02", "豁免都用得上", "删去这一条", "should")
UNKNOWN = Own("WVR-03", "豁免的规则和报告都存在", "改正编号、单位或年度；已经不需要的，删去这一条")
FRESH = Own("WVR-04", "豁免不在它所豁免的改动里添加", "请审核人向批准人核实，理由属实的可以放行")
FIXED = Own("BSL-01", "改好的问题不留在基线里", "从基线里删去这一行，或者重新生成基线")
OWN = (SCORE, COVERAGE, LEGIBLE, EXPIRED, UNUSED, UNKNOWN, FRESH, FIXED)
