//! Plots as SVG, beside the raw data.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use plotters::coord::ranged1d::ValueFormatter;
use plotters::prelude::*;

use crate::paths;

const SIZE: (u32, u32) = (760, 400);
const FONT: (&str, u32) = ("sans-serif", 14);

/// A name and its figures, as x and y.
pub struct Series {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

/// What a plot of lines shows, and how.
pub struct Lines<'a> {
    pub file: &'a str,
    pub title: &'a str,
    pub x: &'a str,
    pub y: &'a str,
    /// Whether both axes are logarithmic: then a straight line is a power of the size.
    pub logarithmic: bool,
}

/// Draws a bar for each name.
pub fn bars(file: &str, title: &str, figures: &[(String, f64)]) -> Result<()> {
    let path = path(file);
    let rows = u32::try_from(figures.len())?;
    let root = SVGBackend::new(&path, (SIZE.0, 90 + 34 * rows)).into_drawing_area();
    root.fill(&WHITE).map_err(failed)?;
    let highest = figures
        .iter()
        .map(|(_, figure)| *figure)
        .fold(0.0, f64::max);
    let bottom = f64::from(rows);
    let mut chart = ChartBuilder::on(&root)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(30)
        .build_cartesian_2d(0.0..highest * 1.5, bottom..0.0)
        .map_err(failed)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .max_light_lines(1)
        .x_label_formatter(&|figure| thousands(*figure))
        .draw()
        .map_err(failed)?;
    for (row, (name, figure)) in figures.iter().enumerate() {
        let top = f64::from(u32::try_from(row)?);
        let style = Palette99::pick(row).filled();
        let bar = Rectangle::new([(0.0, top + 0.12), (*figure, top + 0.88)], style);
        let text = format!("{name}: {}", thousands(*figure));
        let text = Text::new(text, (figure + highest * 0.01, top + 0.32), FONT);
        chart.draw_series([bar]).map_err(failed)?;
        chart.draw_series([text]).map_err(failed)?;
    }
    root.present().map_err(failed)
}

/// Draws a line for each series.
pub fn lines(plot: &Lines, series: &[Series]) -> Result<()> {
    let path = path(plot.file);
    let root = SVGBackend::new(&path, SIZE).into_drawing_area();
    root.fill(&WHITE).map_err(failed)?;
    let points = || series.iter().flat_map(|series| &series.points);
    let bounds = |figure: fn(&(f64, f64)) -> f64| {
        let lowest = points().map(figure).fold(f64::MAX, f64::min);
        let highest = points().map(figure).fold(0.0, f64::max);
        (lowest, highest)
    };
    let (left, right) = bounds(|point| point.0);
    let (bottom, top) = bounds(|point| point.1);
    let mut builder = ChartBuilder::on(&root);
    builder
        .caption(plot.title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(42)
        .y_label_area_size(72);
    if plot.logarithmic {
        let x = (left..right * 1.1).log_scale();
        let y = (bottom * 0.8..top * 1.3).log_scale();
        draw(
            builder.build_cartesian_2d(x, y).map_err(failed)?,
            plot,
            series,
        )?;
    } else {
        let y = 0.0..top * 1.15;
        draw(
            builder
                .build_cartesian_2d(0.0..right * 1.05, y)
                .map_err(failed)?,
            plot,
            series,
        )?;
    }
    root.present().map_err(failed)
}

fn draw<'a, X, Y>(
    mut chart: ChartContext<'a, SVGBackend<'a>, Cartesian2d<X, Y>>,
    plot: &Lines,
    series: &[Series],
) -> Result<()>
where
    X: Ranged<ValueType = f64> + ValueFormatter<f64>,
    Y: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    chart
        .configure_mesh()
        .max_light_lines(1)
        .x_desc(plot.x)
        .y_desc(plot.y)
        .x_label_formatter(&|figure| thousands(*figure))
        .y_label_formatter(&|figure| thousands(*figure))
        .draw()
        .map_err(failed)?;
    for (index, one) in series.iter().enumerate() {
        let color = Palette99::pick(index);
        let style = color.stroke_width(2);
        chart
            .draw_series(LineSeries::new(one.points.iter().copied(), style))
            .map_err(failed)?
            .label(&one.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
        let dots = one
            .points
            .iter()
            .map(|point| Circle::new(*point, 3, color.filled()));
        chart.draw_series(dots).map_err(failed)?;
    }
    chart
        .configure_series_labels()
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .position(if plot.logarithmic {
            SeriesLabelPosition::UpperLeft
        } else {
            SeriesLabelPosition::LowerRight
        })
        .draw()
        .map_err(failed)
}

fn path(file: &str) -> PathBuf {
    paths::raw().join(file)
}

fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("cannot draw: {error}")
}

/// The figure with commas; with decimals if it is small and not a whole number.
pub fn thousands(figure: f64) -> String {
    let is_whole = figure.fract() == 0.0;
    if figure.abs() < 10.0 && !is_whole {
        return format!("{figure:.2}");
    }
    if figure.abs() < 100.0 && !is_whole {
        return format!("{figure:.1}");
    }
    let digits = format!("{figure:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn figures_have_commas() {
        let cases = [
            (0.0, "0"),
            (1.5, "1.50"),
            (62.0, "62"),
            (12.34, "12.3"),
            (999.0, "999"),
            (1_000.0, "1,000"),
            (1_234_567.8, "1,234,568"),
        ];
        for (figure, expected) in cases {
            assert_eq!(thousands(figure), expected);
        }
    }
}
