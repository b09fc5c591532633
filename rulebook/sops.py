"""The 15 standard operating procedures of the manual (clauses 1.17): code, name, clauses.

The names are data of the manual, seeded into ``SOP`` rows and not translated.
"""

SOPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("patrol", "巡视工作标准作业规程", ("PAT-1", "PAT-2", "PAT-3")),
    (
        "repairs",
        "报修处理标准作业规程",
        (*(f"REP-{number}" for number in range(1, 11)), "ARC-2"),
    ),
    ("help", "业户求助服务管理标准作业规程", ("SRV-3", "SRV-4", "SRV-5")),
    ("complaints", "处理业户投诉标准作业规程", tuple(f"CMP-{number}" for number in range(1, 8))),
    (
        "visits",
        "业户走访回访工作管理标准作业规程",
        ("VIS-1", "VIS-2", "VIS-3", "VIS-4", "VIS-5"),
    ),
    ("vacant", "空置房管理标准作业规程", ("VAC-1",)),
    ("violations", "业户违章处理标准作业规程", ("VIO-1",)),
    ("activities", "社区文体活动组织实施标准作业规程", ("ACT-1",)),
    ("storage", "小件物品寄存保管标准作业规程", ("STO-1",)),
    (
        "service_requests",
        "业户申请服务标准作业规程",
        ("SRV-1", "SRV-2", "SRV-2b", "SRV-5"),
    ),
    ("keys", "钥匙委托管理标准作业规程", ("KEY-1",)),
    ("archive", "档案管理标准作业规程", ("ARC-1",)),
    (
        "shifts",
        "客服中心值班与交接班标准作业规程",
        ("DUT-1", "DUT-2", "DUT-3", "DUT-4", "DUT-5"),
    ),
    (
        "conduct",
        "客服部员工服务管理标准作业规程",
        tuple(f"MAN-{number}" for number in range(1, 12)),
    ),
    (
        "appraisal",
        "客服部员工绩效考评实施标准作业规程",
        tuple(f"APP-{number}" for number in range(1, 22)),
    ),
)

CLAUSES = {code: clauses for code, _name, clauses in SOPS}
