#pragma once
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

// A cast of GObject is a macro with an argument, which Swift does not import.
static inline void purser_pango_set_fonts(PangoFontMap *map, FcConfig *fonts) {
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), fonts);
}

static inline void purser_pango_set_resolution(PangoFontMap *map, double dots_per_inch) {
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map), dots_per_inch);
}
