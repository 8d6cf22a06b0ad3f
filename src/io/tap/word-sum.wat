;; The ones' complement sum of 16-bit words that the Internet checksum is made of (RFC 1071), over bytes [at, end) of the
;; imported memory; an odd last byte is filled with zero. Words are little-endian, as the processor reads them: the sum of
;; swapped words is the swapped sum (RFC 1071 section 2), so who wants the other order swaps once.
;;
;; word-sum.ts holds this compiled; its test compiles it anew. 32 bytes a step: each 32-bit lane gains at most 4 x 0xffff
;; of it, which overflows after 512 KiB; the memory is smaller.
(module
  (memory (import "env" "memory") 1)
  (func (export "wordSum") (param $at i32) (param $end i32) (result i32)
    (local $lanes v128)
    (local $sum i64)
    (local $wide i32)
    (local.set $wide
      (i32.add
        (local.get $at)
        (i32.and (i32.sub (local.get $end) (local.get $at)) (i32.const -32))))
    (block $noWide
      (loop $nextWide
        (br_if $noWide (i32.ge_u (local.get $at) (local.get $wide)))
        (local.set $lanes
          (i32x4.add
            (local.get $lanes)
            (i32x4.add
              (i32x4.extadd_pairwise_i16x8_u (v128.load align=1 (local.get $at)))
              (i32x4.extadd_pairwise_i16x8_u (v128.load offset=16 align=1 (local.get $at))))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br $nextWide)))
    (local.set $sum
      (i64.add
        (i64.add
          (i64.extend_i32_u (i32x4.extract_lane 0 (local.get $lanes)))
          (i64.extend_i32_u (i32x4.extract_lane 1 (local.get $lanes))))
        (i64.add
          (i64.extend_i32_u (i32x4.extract_lane 2 (local.get $lanes)))
          (i64.extend_i32_u (i32x4.extract_lane 3 (local.get $lanes))))))
    (block $noWord
      (loop $nextWord
        (br_if $noWord (i32.lt_s (i32.sub (local.get $end) (local.get $at)) (i32.const 2)))
        (local.set $sum
          (i64.add (local.get $sum) (i64.load16_u align=1 (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (br $nextWord)))
    (if (i32.lt_u (local.get $at) (local.get $end))
      (then
        (local.set $sum (i64.add (local.get $sum) (i64.load8_u (local.get $at))))))
    ;; Below 2^35: three times are enough.
    (local.set $sum
      (i64.add
        (i64.and (local.get $sum) (i64.const 0xffff))
        (i64.shr_u (local.get $sum) (i64.const 16))))
    (local.set $sum
      (i64.add
        (i64.and (local.get $sum) (i64.const 0xffff))
        (i64.shr_u (local.get $sum) (i64.const 16))))
    (local.set $sum
      (i64.add
        (i64.and (local.get $sum) (i64.const 0xffff))
        (i64.shr_u (local.get $sum) (i64.const 16))))
    (i32.wrap_i64 (local.get $sum))))
