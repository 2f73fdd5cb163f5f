//! Colours and sizes of both themes. Text colours keep a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3).

use eframe::egui::{Color32, Context, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Theme, Visuals, vec2};

/// The contrast that small text needs.
const MIN_CONTRAST: f32 = 4.5;

/// Sets both themes; which one is used is a preference.
pub(crate) fn install(ctx: &Context) {
    ctx.style_mut_of(Theme::Light, |style| set_style(style, light()));
    ctx.style_mut_of(Theme::Dark, |style| set_style(style, dark()));
}

fn set_style(style: &mut Style, visuals: Visuals) {
    style.visuals = visuals;
    style.spacing.item_spacing = vec2(8.0, 6.0);
    style.spacing.button_padding = vec2(8.0, 4.0);
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.window_margin = Margin::same(14);
    style.spacing.interact_size.y = 22.0;
    style.interaction.tooltip_delay = 0.35;
    let size = |points: f32| FontId::new(points, FontFamily::Proportional);
    style.text_styles.insert(TextStyle::Body, size(14.0));
    style.text_styles.insert(TextStyle::Button, size(14.0));
    style.text_styles.insert(TextStyle::Small, size(11.5));
    style.text_styles.insert(TextStyle::Heading, size(18.0));
    style.text_styles.insert(TextStyle::Monospace, FontId::new(13.0, FontFamily::Monospace));
}

fn light() -> Visuals {
    let mut visuals = Visuals::light();
    visuals.panel_fill = Color32::from_rgb(0xf5, 0xf4, 0xf1);
    visuals.window_fill = Color32::from_rgb(0xfb, 0xfa, 0xf8);
    visuals.extreme_bg_color = Color32::from_rgb(0xff, 0xff, 0xfd);
    visuals.faint_bg_color = Color32::from_rgb(0xec, 0xea, 0xe5);
    visuals.override_text_color = Some(Color32::from_rgb(0x22, 0x22, 0x24));
    visuals.weak_text_color = Some(Color32::from_rgb(0x63, 0x61, 0x5d));
    visuals.selection.bg_fill = Color32::from_rgb(0xb9, 0xd5, 0xf3);
    visuals.selection.stroke = Stroke::new(1.0, Color32::from_rgb(0x0b, 0x3d, 0x6b));
    visuals.hyperlink_color = Color32::from_rgb(0x0b, 0x5c, 0x9e);
    shared(visuals)
}

fn dark() -> Visuals {
    let mut visuals = Visuals::dark();
    visuals.panel_fill = Color32::from_rgb(0x1f, 0x20, 0x22);
    visuals.window_fill = Color32::from_rgb(0x28, 0x29, 0x2c);
    visuals.extreme_bg_color = Color32::from_rgb(0x17, 0x18, 0x1a);
    visuals.faint_bg_color = Color32::from_rgb(0x2c, 0x2d, 0x30);
    visuals.override_text_color = Some(Color32::from_rgb(0xdf, 0xdd, 0xd8));
    visuals.weak_text_color = Some(Color32::from_rgb(0x9d, 0x9b, 0x96));
    visuals.selection.bg_fill = Color32::from_rgb(0x1f, 0x4a, 0x73);
    visuals.selection.stroke = Stroke::new(1.0, Color32::from_rgb(0xcf, 0xe4, 0xf8));
    shared(visuals)
}

fn shared(mut visuals: Visuals) -> Visuals {
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    for widget in [&mut visuals.widgets.inactive, &mut visuals.widgets.hovered, &mut visuals.widgets.active, &mut visuals.widgets.open] {
        widget.corner_radius = CornerRadius::same(4);
    }
    visuals.striped = false;
    visuals
}

/// Behind the text of a mark.
pub(crate) fn mark_fill(visuals: &Visuals, color: Color32, is_selected: bool) -> Color32 {
    let strength = match (visuals.dark_mode, is_selected) {
        (false, false) => 0.16,
        (false, true) => 0.34,
        (true, false) => 0.20,
        (true, true) => 0.42,
    };
    color.gamma_multiply(strength)
}

/// Behind a place that the search found.
pub(crate) fn hit_color(visuals: &Visuals, is_current: bool) -> Color32 {
    let color = if visuals.dark_mode { Color32::from_rgb(0x8a, 0x6d, 0x00) } else { Color32::from_rgb(0xff, 0xe0, 0x66) };
    if is_current { color } else { color.gamma_multiply(0.5) }
}

/// A label's colour, darkened or lightened until it can be read on the page.
pub(crate) fn readable(visuals: &Visuals, color: Color32) -> Color32 {
    let page = visuals.extreme_bg_color;
    let toward = if visuals.dark_mode { Color32::WHITE } else { Color32::BLACK };
    let steps = (0..=20u8).map(|step| color.lerp_to_gamma(toward, f32::from(step) / 20.0));
    steps.into_iter().find(|candidate| contrast(*candidate, page) >= MIN_CONTRAST).unwrap_or(toward)
}

/// Text on a filled label.
pub(crate) fn on_color(color: Color32) -> Color32 {
    if contrast(Color32::WHITE, color) >= contrast(Color32::BLACK, color) { Color32::WHITE } else { Color32::BLACK }
}

/// Contrast of two opaque colours, 1 to 21 (WCAG 2.2, "contrast ratio").
fn contrast(a: Color32, b: Color32) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance, 0 to 1 (WCAG 2.2).
fn luminance(color: Color32) -> f32 {
    let linear = |part: u8| {
        let part = f32::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Color;

    #[test]
    fn every_palette_colour_can_be_read_in_both_themes() {
        for visuals in [light(), dark()] {
            for n in 0..Color::PALETTE_LEN {
                let color = Color::from_palette(n);
                let color = Color32::from_rgb(color.red, color.green, color.blue);
                assert!(contrast(readable(&visuals, color), visuals.extreme_bg_color) >= MIN_CONTRAST, "{color:?}");
                assert!(contrast(on_color(color), color) >= MIN_CONTRAST, "{color:?}");
            }
        }
    }

    #[test]
    fn plain_text_can_be_read_on_every_surface() {
        for visuals in [light(), dark()] {
            for surface in [visuals.panel_fill, visuals.window_fill, visuals.extreme_bg_color, visuals.faint_bg_color] {
                assert!(contrast(visuals.text_color(), surface) >= 7.0);
                assert!(contrast(visuals.weak_text_color(), surface) >= MIN_CONTRAST, "{:?}", (visuals.dark_mode, surface));
            }
            assert!(contrast(visuals.text_color(), visuals.selection.bg_fill) >= MIN_CONTRAST);
        }
    }
}
