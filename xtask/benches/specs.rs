//! How long ten specs take: to be looked at by the rules, and by `lint` and `codegen` as a whole.
//!
//! With `--profile dev` it measures what `cargo xtask` runs. The rules are to stay below 100 ms, and
//! `codegen` below a second.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use codegen::disk;
use criterion::{Criterion, criterion_group, criterion_main};

/// A workspace with ten specs, each the corpus's base.
fn write_ten(root: &Path) -> std::io::Result<()> {
    fs::create_dir(root.join("specs"))?;
    for number in 0..10 {
        fs::write(
            root.join(format!("specs/acme-{number}.yaml")),
            corpus::base(),
        )?;
    }
    Ok(())
}

fn specs(criterion: &mut Criterion) {
    let folder = match tempfile::tempdir() {
        Ok(folder) if write_ten(folder.path()).is_ok() => folder,
        _ => return,
    };
    let root = folder.path();
    criterion.bench_function("the rules of ten specs", |bencher| {
        let sources = spec::read_all(root).unwrap_or_default();
        let look = |source: &spec::Source| black_box(lint::review(source)).diagnostics.len();
        bencher.iter(|| spec::stack::large_each(&sources, look));
    });
    criterion.bench_function("cargo xtask codegen --check of ten specs", |bencher| {
        bencher.iter(|| disk::check(black_box(root)));
    });
}

criterion_group!(benches, specs);
criterion_main!(benches);
