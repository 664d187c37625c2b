// Made by scripts/unicode/metrics_tables.py; do not edit.

/// Unicode properties that the frozen tokenizers need, as `ScalarSet` and `PythonLower` read them.
enum UnicodeTables {
  /// \p{P} of regex 2026.11.15.
  static let punctuation: StaticString = """
    x 3 1 6 1 4 a 2 3 2 q 3 1 1 r 1 1 1 z 1 5 1 3 1 a 2 3 1 3 1 ji 1 8 1 cy 6 15 2 1f 1 1 1 2 1
    2 1 18 2 k 2 1 2 d 1 1 3 22 4 2u 1 17 e 6h 3 1i f v 1 79 2 a 1 3w 1 3c 1 3d 1 au 1 c 1 a7 1
    2i 1 a 2 4o f 1 1 11 4 1z 1 22 5 4 2 33 6 4r 1 h0 9 47 1 h9 1 18 2 26 3 1z 2 4d 3 1 3 11 b
    8p 2 60 2 3k 7 1 6 4g 2 a 7 s 3 3g 4 1n 5 1q 2 1s 8 b 1 n0 o 8 k 1 d 1 c u 2 e 2 hl 4 t 2 u5
    e 27 2 v a b7 m 1r 4 w 2 l7 4 1 2 34 1 3z 1b 1 w 2 c 2 4 bh 3 4 a 2 c g 1 c 1 2q 1 2i 1 mwy
    2 7h 3 2r 1 a 1 37 6 ak 4 2e 2 14 3 1 1 1d 2 1b 1 2p d g 2 3g 4 3i 2 g 2 6x 1 g2a 2 5s a m z
    1 e 1 1 4 1 1 2 45 3 1 6 1 4 a 2 3 2 q 3 1 1 r 1 1 1 1 7 be 3 ik 1 1c 1 bi 1 kn 1 5j 1 v 1
    7k 9 12 1 34 7 1u 7 2h 4 cx 1 8u 1 y 1 3o 5 18 4 59 7 31 2 1 4 3i 4 1c 2 27 4 4 1 d 1 1 3 2g
    6 2z 1 8a 2 1 2 36 5 a 2 1 1 2w 1 6y n 2x 3 s d 24 1 3m 3 70 1 7c 3 4b 1 2k 8 2b 3 1 5 2l a
    5z 1 2n 5 16 2 hx 2 22 d 4v 1 vk 5 29o 2 bjv 2 3p 1 1t 5 8 1 fc 3 87 4 93 1 f5o 1 5wn 5 29f
    1 ny 2
    """

  /// \p{N} of regex 2026.11.15.
  static let numbers: StaticString = """
    1c a 3c 2 5 1 2 3 141 a 3q a 5i a bg a 3a a 4 6 30 a 3a a 3a a 2 6 32 d 37 a 8 7 2v a 2w 7 7
    j 31 a 2o a 3a a 1y k 7g a 1y a jz k oh 3 6n a 6 a m a 8c a 3k b 4l a 6 a 52 a 2e a 3q a 6 a
    t2 1 3 6 6 a 5i 1f 2 5 k6 1o 26 m hi u 12h 1 ll 1 p 9 e 3 9j 4 3u a u 8 1 f w a 13 f msg a
    58 a 8w 6 4a a 12 a 5i a m a 2e a ba a geu a dp 19 c 1l h 2 9h r 10 4 t 1 8 1 3q 5 5m a q6 8
    p 7 13 9 23 5 m 6 4g 2 2 g 2 1a 1s 9 1g 2 u 3 23 5 2w 8 o 8 15 7 96 6 1c a 6 a 7q v 4e a 16
    4 34 7 3q u 3k a 1o a 40 a 7 k 6z a 9i a 3a a ae a 2u a 6 k 24 c bo j 2l a ie a 2e t 6b a 1y
    a 1i a 9y a 2u l tn 34 5 b 5s 8n bl5 a 1t2 a 2e a 3q a 1 7 em a 7a n 9p 3 id5 a 152 k c k 30
    p ut 1e 1ts a bq a dy a 6v a jw 9 3k a lz 1n 1 3 1 4 24 19 1 f qq d 25f a
    """

  /// \p{S} of regex 2026.11.15.
  static let symbols: StaticString = """
    10 1 6 1 g 3 v 1 1 1 r 1 1 1 z 5 1 2 2 1 1 4 2 1 3 1 u 1 v 1 cq 4 c e 5 7 1 1 1 h 39 1 e 2
    34 1 3v 1 7e 3 3a 3 2 1 2 2 5q 1 a 1 j 2 6v 1 7 2 3s 1 a1 2 6 2 6t 1 3i 1 3m 8 3o 1 5r 1 15
    1 5h 1 5d 3 f 1 1 3 2 6 k 1 1 1 1 1 3p 8 1 6 1 2 5 4 5h 2 kw a k3 1 a5 1 9w 1 4d y 9t a 9 9
    u8 1 1 3 b 3 d 3 d 3 d 2 1x 1 d 1 13 3 d 3 j 11 1n 2 1 4 1 2 a 1 1 3 5 6 1 1 1 1 1 1 4 1 b 2
    4 5 5 4 1 1 1m 2 4 ag 4 t 2 73 m b 29 26 m h4 18 1d 2 v a b7 m 1r 4 w 2 ae 2 3u 6d 6 9x 2 1a
    q 1 2h c 5y q g 4 1 d 2 c 1 l 2 6 2 2j 2 6r 2 4 a w 12 9 1 g v b u 8 1 f w a 13 f 8w 534 1s
    h3k 1j ft n 9 2 2v 2 4d 4 a 4 fx 3 69 1 e 2 fr1 1 3s x a5 g 1s 2 1i 8 18 4 2q 1 1 3 2 1 4a 1
    6 1 g 3 v 1 1 1 r 1 1 1 3l 7 1 7 d 2 8p 9 1l h 2 3 1 d 3 1 1b 19 1a2 2 gf 1 jp 2 8p 2 6 8
    1nq 1 1p1 t eve 4 5 1 g2e 1 31f 6o a 3 3 c4 6 n 1 3 8 x 2a 38 1o 6u a 13 2 1o 5 3 m 2 7 u 4
    44 3 1 d 8 2 2 1 w 3k 2f oa 1 p 1 v 1 p 1 v 1 p 1 v 1 p 1 v 1 p 1 1o e8 1j 4 1e 8 1 e 1 2 3d
    t 182 1 bz 1 1ws 1 3 1 3h 1 ch 2 7i 18 4 2s c f 2 f 1 f 1 11 n 4i 1j t d 18 4 9 7 2 e 6 4a
    re 2 h 3 d 3 64 4 c 4 s 4 1k 8 a 6 14 8 u 2 c 4 2 e 9 13 9k 8 e 2 d 3 1z 1 1 3 i 1 d 3 c 5
    43 1 2k a 1
    """

  /// Cased letters that are not case-ignorable, Unicode 14.0.0.
  static let cased: StaticString = """
    1t q 6 q 1b 1 a 1 4 1 5 n 1 v 1 5f 1 4 4 5s 1 r 5c 4 2 2 3 3 1 1 6 1 1 3 1 1 1 k 1 2b 1 3v 8
    4m 1 12 9 15 26v 12 1 1 5 1 2 17 2 3 io 2e 2 6 1oi 9 7 17 2 3 1s 18 1r d 1 y 2t 7q 2 6 2 12
    2 6 2 8 1 1 1 1 1 1 1 v 2 1h 1 7 1 1 3 3 1 7 3 4 2 6 4 d 5 3 1 7 79 1 4 1 2 a 1 1 3 5 6 1 1
    1 1 1 1 4 1 6 4 1 2 4 5 5 4 1 h w 3 2 mp 1g 1ee 3g 2 2v 6 4 3 2 c 12 1 1 5 1 nwy 1a i s 3q
    26 1 n 3 4 1 1n 5 2 1 1 1 5 r 2 3 1 mt 17 5 9 7 28 fnk 7 c 5 sp q 6 q x1 28 2o 10 4 10 38 b
    1 f 1 7 1 2 1 b 1 f 1 7 1 2 1c3 1f d 1f 2b1 1s gv4 1s k1s 2d 1 1z 1 2 2 1 2 2 2 4 1 c 1 1 1
    7 1 1t 1 4 2 8 1 7 1 s 1 4 1 5 1 1 3 7 1 9g 2 p 1 p 1 v 1 p 1 v 1 p 1 v 1 p 1 v 1 p 1 8 1f8
    a 1 k 1y9 1w 1kc q 6 q 6 q
    """

  /// Case-ignorable code points, Unicode 14.0.0.
  static let caseIgnorable: StaticString = """
    13 1 6 1 b 1 z 1 1 1 1z 1 4 1 1 1 4 1 2 2 dz 5c 4 2 4 1 9 2 1 1 6z 7 5r 1 5 1 1d 19 1 1 1 2
    1 2 1 1 18 1 b 6 a b 1 1 z 1 a l g 1 2t 8 1 a 1 4 x 1 1 1 u r 2j b 1m b 4 1 2 1 o o 17 3 18
    1 7 2 6 8 15 1m 1j 1 1 1 4 8 4 1 3 7 a 2 d 1 f 1 1m 1 4 4 8 1 k 2 q 1 2 2 1l 1 4 2 4 2 2 3 3
    1 u 2 3 1 b 2 1l 1 4 5 1 2 4 1 k 2 m 6 1 1 1m 1 2 1 1 4 8 1 7 2 b 2 u 1 1p 1 c 1 1e 1 3 1 1j
    1 1 3 5 3 1 4 7 2 b 2 t 1 1m 1 2 1 6 1 5 2 k 2 s 2 1l 2 4 4 8 1 k 2 t 1 20 1 7 3 1 1 2i 1 2
    7 b 9 2q 1 2 9 9 1 1 6 22 2 r 1 1 1 1 1 1j e 1 5 1 2 5 b 1 10 9 1 2u 4 1 6 1 2 2 2 p 2 4 3 g
    4 d 1 2 2 6 1 f 1 2m 1 gw 3 qa 3 t 2 u 2 u 2 1s 2 1 7 8 1 2 b 3 1 5 1 19 5 1f 1 1t 2 y 1 3a
    3 4 2 9 1 6 3 63 2 2 1 1m 1 1 7 1 1 1 1 2 8 6 a 2 1 13 1 8 v 1d 4 1c 1 1 5 1 1 5 1 14 9 c 2
    w 4 2 2 1 3 1k 1 1 2 3 1 1 3 1m 8 2 2 1s 6 2a 3 1 d 1 7 4 1 6 1 3 2 1e 1r d 1 y 2t cd 1 1 3
    b 3 d 3 d 3 d 2 c 5 8 2 a 1 2 1 2 5 1d 5 1 a 1 1 d 1 g d 1f x 2a3 2 35 3 3h 1 f 1 2o w 1b 1
    d1 1 10 4 3 5 5 1 2l 6 2l 3 lxy 1 yq 6 7i 1 2q 4 1 a 1 1 s 4 28 2 e y 26 1 n 3 2v 3 3 2 8 1
    3 1 4 1 p 2 5 1 47 2 q i d 1 12 8 p b 1a 3 1c 1 2 4 2 2 h 1 l 2 1u 6 2 2 2 2 c 1 8 1 z 1 b 1
    1f 1 1 3 2 2 5 2 1 1 r 1 e 2 5 2 1 1 2s 5 9 3 3d 1 2 1 4 1 fn4 1 43 h fx g 3 1 c g y 1 2 1
    4p 1 7 1 6 1 b 1 z 1 1 1 1b 1 19 2 1v 1 l 3 e9 1 6a 1 45 5 sl 6 1 16 1 9 g6 3 1 2 5 4 14 3 4
    1 4l 2 fx 4 ar 2 49 b 1d 4 3f 1 1i f 15 1 2 2 a 3 1d 4 2 2 2 1 4 1 a 1 1e 3 10 5 1 8 1q 1 c
    2 1g 9 a 4 2 1 2n 3 2 1 1 2 6 1 4g 1 3 8 l 2 1l 2 3 1 11 7 3 5 5f 8 2 3 1 1 n 1 2c 6 1 1 4 2
    1 2 6m 4 6 2 1 2 r 2 2d 8 2 1 1 2 2y 1 1 1 2 6 1 1 2t 3 2 4 1 5 77 9 1 2 74 2 1 1 4 1 40 4 2
    2 4 1 w a 14 6 2 4 8 1 9 6 2 3 1a d 1 2 ba 7 1 6 1 1 2a m 2 7 1 2 1 2 3e 6 3 1 1 2 1 7 1 1
    20 2 3 1 1 1 9n 2 46z 9 at3 5 1n 7 9 4 sr 1 1r h 1s 2 1 2 cnf 4 1 7 1 2 2hq 2 1 4 3mk 1a 2 n
    f4 3 9 g 2 7 u 4 44 3 1iz 1j 4 1e 8 1 e 1 m 5 1 f 11s 7 1 h 2 7 1 2 1 5 79 e a8 1 1p 4 15s 7
    31 8 23z 5 gx6p 1 u 2o 3k 6o
    """

  /// Runs of lower-case mappings: gap, length, step, difference.
  static let lower: StaticString = """
    1t p 1 w 2u m 1 w 2 6 1 w y 1a 2 1 4 4 2 1 3 e 2 1 3 18 2 1 2 0 1 -3d 1 4 2 1 4 0 1 5u 1 2 2
    1 2 0 1 5q 1 0 1 1 2 1 1 5p 1 0 1 1 3 0 1 27 1 0 1 5m 1 0 1 5n 1 0 1 1 2 0 1 5p 1 0 1 5r 2 0
    1 5v 1 0 1 5t 1 0 1 1 4 0 1 5v 1 0 1 5x 2 0 1 5y 1 4 2 1 2 0 1 62 1 0 1 1 2 0 1 62 3 0 1 1 2
    0 1 62 1 0 1 1 2 1 1 61 1 2 2 1 2 0 1 63 1 0 1 1 4 0 1 1 8 0 1 2 1 0 1 1 2 0 1 2 1 0 1 1 2 0
    1 2 1 g 2 1 3 g 2 1 3 0 1 2 1 2 2 1 2 0 1 -2p 1 0 1 -1k 1 12 2 1 2 0 1 -3m 2 g 2 1 8 0 1 8bv
    1 0 1 1 2 0 1 -4j 1 0 1 8bs 3 0 1 1 2 0 1 -5f 1 0 1 1x 1 0 1 1z 1 8 2 1 82 2 2 1 4 0 1 1 9 0
    1 38 7 0 1 12 2 2 1 11 2 0 1 1s 2 1 1 1r 2 g 1 w 2 8 1 w 10 0 1 8 9 m 2 1 6 0 1 -1o 3 0 1 1
    2 0 1 -7 1 0 1 1 3 2 1 -3m 1 f 1 28 1 v 1 w 1d w 2 1 a 1g 2 1 2 0 1 f 1 c 2 1 3 2m 2 1 3 11
    1 1c 28a 11 1 5ls 2 0 1 5ls 6 0 1 5ls k3 27 1 tzk 1 5 1 8 1p7 16 1 -2bk 3 2 1 -2bk 8x 44 2 1
    a 0 1 -5vj 2 2m 2 1 a 7 1 -8 9 5 1 -8 b 7 1 -8 9 7 1 -8 9 5 1 -8 c 6 2 -8 9 7 1 -8 p 7 1 -8
    9 7 1 -8 9 7 1 -8 9 1 1 -8 1 1 1 -22 1 0 1 -9 c 3 1 -2e 1 0 1 -9 c 1 1 -8 1 1 1 -2s d 1 1 -8
    1 1 1 -34 1 0 1 -7 c 1 1 -3k 1 1 1 -3i 1 0 1 -9 8a 0 1 -5st 4 0 1 -6gv 1 0 1 -6di 7 0 1 s 1a
    f 1 g k 0 1 1 mr p 1 q 1f5 1b 1 1c 1d 0 1 1 2 0 1 -8af 1 0 1 -2xy 1 0 1 -89z 3 4 2 1 2 0 1
    -8bg 1 0 1 -8al 1 0 1 -8bj 1 0 1 -8bi 2 0 1 1 3 0 1 1 9 1 1 -8cf 1 2q 2 1 9 2 2 1 5 0 1 1
    nym 18 2 1 k q 2 1 3s c 2 1 4 1o 2 1 b 2 2 1 2 0 1 -r9g 1 8 2 1 5 0 1 1 2 0 1 -wmg 3 2 2 1 4
    i 2 1 2 0 1 -wn8 1 0 1 -wnj 1 0 1 -wnf 1 0 1 -wn5 1 0 1 -wn8 2 0 1 -wlu 1 0 1 -wmi 1 0 1
    -wlx 1 0 1 ps 1 e 2 1 2 0 1 -1c 1 0 1 -wn7 1 0 1 -raw 1 2 2 1 7 0 1 1 6 2 2 1 t 0 1 1 h7w p
    1 w xy 13 1 14 3t z 1 14 4d a 1 13 2 e 1 13 2 6 1 13 2 1 1 13 1d7 1e 1 1s 2cu v 1 w gw1 v 1
    w o81 x 1 y
    """
}
