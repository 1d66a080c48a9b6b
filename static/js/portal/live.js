// News: an open page asks now and then whether anything happened. While nothing does, the answer is a 304 that costs
// the server no query; while nobody looks, nobody asks. Nothing on the page moves: a line offers to show what is new.
{
  const EVERY = 10_000; // milliseconds
  const UNCONDITIONAL = 30; // every so many questions are asked without a tag: another machine may know more
  const line = document.querySelector("[data-pulse]");
  let tag = "";
  let asked = 0;
  const title = document.title;
  const tell = (news) => {
    if (String(news.version) === line.dataset.version) return;
    line.querySelector("[data-words]").textContent = news.words;
    line.hidden = false;
    document.title = news.new ? `(${news.new}) ${title}` : title;
  };
  const ask = async () => {
    if (document.hidden) return;
    asked += 1;
    const headers = tag && asked % UNCONDITIONAL ? { "If-None-Match": tag } : {};
    const answer = await fetch(`${line.dataset.pulse}?since=${line.dataset.version}`, { headers, cache: "no-store", redirect: "manual" }).catch(() => null);
    if (answer?.status === 200) {
      tag = answer.headers.get("ETag") ?? "";
      tell(await answer.json());
    }
  };

  if (line) {
    setInterval(ask, EVERY);
    document.addEventListener("visibilitychange", ask);
  }
}
