/** How the page looks: the library's colours, darker or lighter where text would not stand out enough (WCAG AA). */
import {
  createTheme,
  defaultCssVariablesResolver,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
} from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontFamily: 'system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, monospace',
  // A link in a sentence is not told by its colour alone.
  components: { Anchor: { defaultProps: { underline: 'always' } } },
  variantColorResolver: (input) => {
    const resolved = defaultVariantColorsResolver(input);
    const { variant, color = 'blue' } = input;
    if (variant !== 'light' && variant !== 'subtle') return resolved;
    const [light, dark] = [
      `color-mix(in srgb, var(--mantine-color-${color}-9) 65%, black)`,
      `var(--mantine-color-${color}-2)`,
    ];
    return { ...resolved, color: `light-dark(${light}, ${dark})` };
  },
});

/** Text that is less important is still to be read. */
export const variables: CSSVariablesResolver = (given) => {
  const { variables: all, light, dark } = defaultCssVariablesResolver(given);
  return {
    variables: all,
    light: {
      ...light,
      '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
      '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
      '--mantine-color-anchor': 'var(--mantine-color-blue-9)',
      '--mantine-color-error': 'var(--mantine-color-red-9)',
    },
    dark: {
      ...dark,
      '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
      '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
      '--mantine-color-anchor': 'var(--mantine-color-blue-3)',
      '--mantine-color-error': 'var(--mantine-color-red-3)',
    },
  };
};
