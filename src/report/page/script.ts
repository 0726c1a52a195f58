/**
 * The one script: it shows the filter box and hides account rows that lack the words. The page is
 * whole without it. It reads text and sets `hidden`; it never makes markup.
 */
export const script = `
(() => {
  const form = document.querySelector('.filter')
  const box = document.querySelector('#filter')
  const told = document.querySelector('#filtered')
  if (!form || !box || !told) return
  const rows = [...document.querySelectorAll('tr[data-account]')]
  const texts = rows.map((row) => row.textContent.toLowerCase())
  const apply = () => {
    const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean)
    let shown = 0
    rows.forEach((row, at) => {
      const fits = words.every((word) => texts[at].includes(word))
      row.hidden = !fits
      if (fits) shown++
    })
    told.textContent = words.length === 0 ? '' : shown + ' of ' + rows.length + ' accounts shown'
  }
  let soon
  box.addEventListener('input', () => {
    clearTimeout(soon)
    soon = setTimeout(apply, 120)
  })
  form.addEventListener('submit', (event) => event.preventDefault())
  form.hidden = false
})()
`
