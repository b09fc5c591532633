"""What breaks in the demo, and how it is mended: literal tables."""

from dataclasses import dataclass

from repairs.models import Category, Priority


@dataclass(frozen=True)
class Fault:
    """One thing that people call about. ``weight`` says how often."""

    content: str
    category: str
    where: str
    weight: int
    cause: str
    work: str
    material: tuple[str, str, str] | None = None  # name, spec, price
    priority: str = Priority.NORMAL


HOME_FAULTS = (
    Fault("厨房水龙头漏水", Category.WATER, "厨房", 14, "阀芯磨损", "更换阀芯并试水",
          ("陶瓷阀芯", "35mm", "18.00")),
    Fault("卫生间下水堵", Category.WATER, "卫生间", 12, "毛发与异物堵塞", "机械疏通，冲水正常"),
    Fault("马桶水箱一直流水", Category.WATER, "卫生间", 8, "进水阀老化", "更换进水阀",
          ("水箱进水阀", "通用", "35.00")),
    Fault("洗手盆软管渗水", Category.WATER, "卫生间", 7, "软管老化", "更换软管",
          ("编织软管", "40cm", "15.00")),
    Fault("家里突然停电，邻居有电", Category.POWER, "户内", 7, "漏电保护跳闸", "排查回路，复位空开"),
    Fault("客厅灯不亮", Category.POWER, "客厅", 7, "驱动损坏", "更换驱动", ("LED 驱动", "24W", "28.00")),
    Fault("插座没电", Category.POWER, "卧室", 6, "接线松动", "重新压线并测试"),
    Fault("阳台推拉门脱轨", Category.DOORS, "阳台", 5, "滑轮磨损", "更换滑轮", ("滑轮", "一对", "26.00")),
    Fault("入户门锁打不开", Category.DOORS, "入户门", 4, "锁芯卡滞", "润滑并更换锁芯",
          ("锁芯", "C级", "120.00")),
    Fault("窗户关不严，下雨进水", Category.DOORS, "卧室", 5, "密封条老化", "更换密封条",
          ("密封条", "5m", "20.00")),
    Fault("卫生间顶上滴水，可能是楼上漏水", Category.WATER, "卫生间", 5, "楼上地漏渗漏", "协调楼上，重做防水"),
    Fault("墙面空鼓掉灰", Category.STRUCTURE, "客厅", 3, "基层空鼓", "铲除空鼓，修补腻子"),
    Fault("对讲没有声音", Category.OTHER, "入户门", 4, "听筒损坏", "更换听筒", ("对讲听筒", "二线制", "45.00")),
    Fault("水管爆了，水往外喷", Category.WATER, "厨房", 2, "接头爆裂", "关阀，更换接头",
          ("铜接头", "4分", "12.00"), Priority.EMERGENCY),
    Fault("空调不制冷，想约时间检查", Category.OTHER, "卧室", 4, "滤网积尘", "清洗滤网，测试正常",
          None, Priority.APPOINTMENT),
)  # fmt: skip

PUBLIC_FAULTS = {
    "lift": (
        Fault("电梯按键失灵", Category.FACILITY, "轿厢", 5, "按键触点氧化", "维保单位更换按键"),
        Fault("电梯运行有异响", Category.FACILITY, "轿厢", 4, "导靴缺油", "维保单位加油调整"),
        Fault("电梯门关不上", Category.FACILITY, "轿厢", 4, "门机感应异物", "清理轨道，恢复运行",
              None, Priority.EMERGENCY),
    ),
    "corridor": (
        Fault("楼道灯不亮", Category.POWER, "楼道", 9, "声控开关损坏", "更换声控灯", ("声控灯", "9W", "22.00")),
        Fault("楼道窗玻璃裂了", Category.DOORS, "楼道", 2, "外力撞击", "更换玻璃"),
    ),
    "garage": (
        Fault("车库地面积水", Category.WATER, "车库", 3, "排水沟堵塞", "清理排水沟"),
        Fault("车库照明不亮", Category.POWER, "车库", 4, "灯管损坏", "更换灯管", ("LED 灯管", "1.2m", "19.00")),
    ),
    "gate": (Fault("门禁刷卡没反应", Category.FACILITY, "大门", 5, "读卡器故障", "更换读卡器"),),
    "garden": (Fault("园区路灯不亮", Category.POWER, "园区", 4, "线路接头进水", "重做防水接头"),),
    "plant": (Fault("水泵有异响", Category.FACILITY, "设备房", 2, "轴承磨损", "更换轴承"),),
    "other": (Fault("滑梯螺丝松动", Category.FACILITY, "游乐场", 2, "长期使用", "紧固螺丝"),),
}  # fmt: skip

CANCEL_REASONS = ("业户自行修好", "业户改期后取消", "重复登记", "业户不同意报价")
DELAY_REASONS = ("材料未到", "正在处理急修", "需外协单位配合")
QUESTIONS = (
    ("物业费怎么交", "已说明缴费方式与前台时间"),
    ("装修怎么办手续", "已说明所需资料"),
    ("什么时候停水", "已按通知告知停水时间"),
    ("快递放在哪里", "已告知存放位置"),
    ("车位还有没有出租的", "已登记意向并说明流程"),
    ("周末活动几点开始", "已告知活动时间地点"),
)
