//! How long the specs of this workspace take: to lint, and to lint and generate.
//!
//! With `--profile dev` it measures what `cargo xtask` runs. The lint is to stay below 100 ms, and
//! `codegen` below a second.

use std::hint::black_box;

use codegen::disk;
use criterion::{Criterion, criterion_group, criterion_main};
use xtask::workspace_root;

fn specs(criterion: &mut Criterion) {
    let root = workspace_root();
    criterion.bench_function("rules of both specs", |bencher| {
        let sources = spec::read_all(&root).unwrap_or_default();
        bencher.iter(|| sources.iter().map(lint::review).map(black_box).count());
    });
    criterion.bench_function("cargo xtask lint", |bencher| {
        bencher.iter(|| disk::plan(black_box(&root), None));
    });
    criterion.bench_function("cargo xtask codegen --check", |bencher| {
        bencher.iter(|| disk::check(black_box(&root)));
    });
}

criterion_group!(benches, specs);
criterion_main!(benches);
