/** Light and dark as the person's system has it. Text on its ground has a contrast of 4.5 to 1 at least. */
export const COLOURS = `:root {
  color-scheme: light dark;
  --ground: #f6f7f9;
  --surface: #ffffff;
  --sunken: #f0f2f5;
  --text: #1b2130;
  --soft: #566074;
  --line: #dfe3ea;
  --edge: #8791a3;
  --accent: #3457d5;
  --accent-strong: #2a47b3;
  --on-accent: #ffffff;
  --accent-soft: #e9edfc;
  --good: #17693f;
  --good-soft: #e2f4ea;
  --wait: #85530a;
  --wait-soft: #fcf1dc;
  --bad: #b3261e;
  --bad-soft: #fceae8;
  --off-soft: #e9ecf1;
  --plot-1: #4a6be3;
  --plot-2: #2f9e6b;
  --plot-3: #a06bd8;
  --plot-bad: #d64a41;
  --shadow: 0 1px 2px rgb(20 28 46 / .06), 0 1px 6px rgb(20 28 46 / .04);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10131a;
    --surface: #181c25;
    --sunken: #12161e;
    --text: #e6e9f0;
    --soft: #a3acbd;
    --line: #2a303c;
    --edge: #6f7a8e;
    --accent: #8ea6ff;
    --accent-strong: #a9bbff;
    --on-accent: #0d1330;
    --accent-soft: #212a49;
    --good: #6fd3a0;
    --good-soft: #15301f;
    --wait: #eabb66;
    --wait-soft: #352a12;
    --bad: #ff9c94;
    --bad-soft: #3b1b1a;
    --off-soft: #262c38;
    --plot-1: #7d97ff;
    --plot-2: #4cbf8a;
    --plot-3: #bd93ee;
    --plot-bad: #f0736a;
    --shadow: none;
  }
}`;
