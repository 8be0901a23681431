package drawing

// style is the look of a drawing, in light and in dark. Colour is left to
// whoever shows how an execution went: classes of the states' groups.
const style = `
.lambent-machine{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.lambent-machine .canvas{fill:#fff}
.lambent-machine .shape{fill:#f6f7f9;stroke:#8d939c;stroke-width:1.25}
.lambent-machine .box>.shape{fill:none}
.lambent-machine .behind{fill:none;stroke:#b9bec5;stroke-width:1.25}
.lambent-machine .rule{stroke:#c9cdd3;stroke-width:1;stroke-dasharray:2 4}
.lambent-machine .name{font-size:13px;font-weight:600;fill:#1c1e21}
.lambent-machine .caption{font-size:11px;fill:#5d646e}
.lambent-machine .label{font-size:11px;fill:#434951;text-anchor:middle}
.lambent-machine .reference{font-size:11px;fill:#5d646e;text-anchor:middle}
.lambent-machine .glyph{fill:none;stroke:#434951;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}
.lambent-machine .line{fill:none;stroke:#767d87;stroke-width:1.5}
.lambent-machine .catch .line,.lambent-machine .jump{stroke-dasharray:5 4}
.lambent-machine .jump{fill:none;stroke:#8d939c}
.lambent-machine .arrow,.lambent-machine .dot{fill:#767d87}
.lambent-machine .ring{fill:none;stroke:#767d87;stroke-width:1.5}
@media (prefers-color-scheme:dark){
.lambent-machine .canvas{fill:#16181c}
.lambent-machine .shape{fill:#23262b;stroke:#747b85}
.lambent-machine .behind{stroke:#4a5058}
.lambent-machine .rule{stroke:#3f454d}
.lambent-machine .name{fill:#eceef0}
.lambent-machine .caption,.lambent-machine .reference{fill:#a4abb5}
.lambent-machine .label{fill:#c3c8cf}
.lambent-machine .glyph{stroke:#c3c8cf}
.lambent-machine .line,.lambent-machine .ring,.lambent-machine .jump{stroke:#8d949e}
.lambent-machine .arrow,.lambent-machine .dot{fill:#8d949e}
}
`
