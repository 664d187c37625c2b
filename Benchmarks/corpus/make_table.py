#!/usr/bin/env python3
"""Writes the CSV file of the table benchmarks: seeded, so that it is the same everywhere.

    make_table.py --output FILE                  1,622,035 rows, about 500 MB
    make_table.py --output FILE --rows 10000

Nine columns: id and user (integers), day (text), price (two decimals), score (all digits of a double),
label (a small integer), city (unquoted text), title (text, quoted where it must be) and review (quoted
text of some sentences, Chinese and English, with commas, doubled quotes and line breaks). A file
that is there already with the wanted rows is left alone.
"""

import argparse
import pathlib
import random

ROWS = 1_622_035
SEED = 5
CITIES = "北京 上海 广州 深圳 杭州 成都 Berlin London Paris Rome Oslo Lima Quito Tokyo Seoul".split()
CHINESE = (
    "数据 模型 训练 评测 今天 天气 新闻 科技 体育 财经 教育 手机 游戏 汽车 房产 我们 可以 一个 "
    "非常 喜欢 这个 产品 质量 不错 价格 便宜 发货 很快 客服 态度 推荐 购买 使用 方便 感觉 有点"
).split()
ENGLISH = (
    "data model table column value row batch stream file index number text label score price "
    "quality fast slow cheap good bad service delivery box screen sound light heavy recommend"
).split()


def sentences(source):
    """Building blocks: drawing a row from ready sentences is ten times faster than from words."""
    blocks = []
    for number in range(20000):
        if number % 2:
            words = source.choices(CHINESE, k=source.randint(6, 14))
            blocks.append("".join(words) + "，" + source.choice(CHINESE) + "。")
        else:
            words = source.choices(ENGLISH, k=source.randint(5, 12))
            blocks.append(" ".join(words) + ", " + source.choice(ENGLISH) + ".")
    for number in range(0, len(blocks), 12):
        blocks[number] = 'he said ""' + blocks[number] + '""'
    return blocks


def rows(count, seed):
    source = random.Random(seed)
    blocks = sentences(source)
    titles = [" ".join(source.choices(CHINESE, k=3)) for _ in range(3000)]
    titles += [" ".join(source.choices(ENGLISH, k=4)) for _ in range(3000)]
    titles += ['"' + ", ".join(source.choices(ENGLISH, k=3)) + '"' for _ in range(600)]
    days = [f"20{y:02d}-{m:02d}-{d:02d}" for y in range(20, 26) for m in range(1, 13) for d in range(1, 29)]
    for number in range(count):
        parts = source.choices(blocks, k=source.choice((2, 3, 3, 4, 4)))
        review = ("\n" if number % 7 == 0 else " ").join(parts)
        yield (
            f"{number},{source.getrandbits(33)},{source.choice(days)},"
            f"{source.randint(0, 999999) / 100:.2f},{source.random()!r},{source.randint(0, 14)},"
            f'{source.choice(CITIES)},{source.choice(titles)},"{review}"\n'
        )


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--output", required=True, type=pathlib.Path)
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--seed", type=int, default=SEED)
    arguments = options.parse_args()
    output = arguments.output
    stamp = output.with_suffix(".stamp")
    wanted = f"3 {arguments.rows} {arguments.seed}"
    if output.exists() and stamp.exists() and stamp.read_text() == f"{wanted} {output.stat().st_size}":
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_suffix(".part")
    with open(partial, "w", encoding="utf-8", newline="", buffering=1 << 20) as file:
        file.write("id,user,day,price,score,label,city,title,review\n")
        file.writelines(rows(arguments.rows, arguments.seed))
    partial.rename(output)
    stamp.write_text(f"{wanted} {output.stat().st_size}")


if __name__ == "__main__":
    main()
