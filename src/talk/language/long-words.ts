const text = `
accept accepted account accounts according achieve acquire action activate active actual actually adjust advance advice advise afternoon
against agreed ahead alerts allow allowed already although always amount annoying another answer anymore anyone anything anyway anywhere
appear appreciate approach around arrange arrive arrives assist attach attention automatic available average avoid away balance
become became because before began begin beginning behind believe belong below beneath beside better between beyond biggest billing
bottom bought bounce bracket brackets break breaking bridge bring brings broken broker brokers budget building business button buying
cancel cannot careful carefully carry cash catch caught ceiling central certain change changed channel charge cheaper checking choice
choose chunks clean clearly climbs close closed closely closes closing coffee collect coming comfortable command common company complete
completely computer concerned condition conditions confirm connect consider contract control convert correct course create crossing current
currently customer cutting damage danger deadline dealing decide decided decision decline decrease default delete deliver delivery demand
depend desired detail details different difficult digest diminish direct direction disappear discover distance disturb divide dollar dollars
double downside drawdown dropping during earlier earnings effect either emergency enable enough entered entering entire entirely entrance
enter equity escape estimate evening event events everybody everyone everything exactly example exchange execute executed execution
existing exit expect expected expensive expire explain exposure express extended extra extremely falling falls family farther faster
favour figure figures filled filling finally finance financial finish finished finishing floor follow following follows forever forget
forgot forward fraction fractions freely friend further future gamble gently getting giving going gradual gradually graph greater ground
growing guarantee guardian happen happened happens happy having health heavily heavy height herself higher highest himself history
holding holdings holiday honest honestly hopefully hourly however hundred hundreds hurry illness imagine immediate immediately important
improve include included including income increase indeed indicator inform information inside instead instruct instruction intend interest
into invest invested investment involved issue itself joined keeping kindly knowing ladder largest latest latter launch leader leave
leaves leaving length letting levels leverage limit limited limits liquid listed listen little living locked longer looking losing losses
lowest luckily lunch machine maintain making manage manager manner manual manually margin market markets massive master matter maximum
meaning means measure meeting member memory mention message messages method middle midday million minimum minute minutes missed missing
mistake modify moment momentum money monitor monthly morning mostly motion movement moving multiple myself natural nearby nearly necessary
needed negative neither nervous never nicely nobody normal normally nothing notice notices notify number numbers object obvious occasion
occur offer offered office official often opened opening opens opinion option options orders ordinary original otherwise outside overall
overnight owned owner panic paper parents partial partially partly passed patience paying people percent percentage perfect perhaps period
permit person phone picture pieces placed places planned planning platform player please pleased pleasure plenty pocket points portfolio
portion portions position positions positive possible possibly prefer preferably premium prepare present pressure pretty prevent previous
price priced prices pricing private probably problem problems proceed proceeds process profit profitable profits program programmed
progress project promise proper properly protect protected protecting protection provide purchase purchased purpose pushed putting quality
quantity quarter question questions quickly quiet quietly quite raise raised raising random rather reach reached reaches reaching reading
ready realise realize really reason reasonable receive received recent recently recommend record recorded records recover reduce reduced
reducing reenter refuse regard region regular regularly related relax release reload remain remainder remaining remains remember remind
remove removed repeat replace report request require required resting result results return returns reverse review reward rising risking
rolling round running safely safety saving savings schedule scheduled screen second secondly secure security seconds select selling sending
sense separate serious session setting settings settle several shares sharply shift shifted shopping shorter shortly should showing
sideways signal silence silent similar simple simply single situation slightly slippage slower slowly smaller smallest smooth smoothly
somebody somehow someone something sometimes somewhere soon sorry source special specific spend spending split spread spring square stable
standard starting started starts status stayed staying steadily steady stomach stopped stopping stops strategy street strength stretch
strict strictly strong stronger subject success sudden suddenly suggest suitable summer supply support suppose surely surprise surprised
switch symbol system taking target targets technical thanks themselves therefore these thing things think third thirds those thousand
through throughout ticker ticket tighten tighter timing tired today together tomorrow tonight total totally touch touches touching toward
towards tracked tracking traded trader traders trades trading trailing transfer travel trend trigger triggered trouble troubles trust
trying turned turning twenty twice typical unable uncle under understand unfilled unless unload until update updated upper upside upward
urgent urgently usual usually vacation value various vendor version violent visible volatile volume waiting waited wallet wanted wants
warning warnings watch watched watching weather weekend weekly weeks weight welcome whatever whenever whether which while whole wholly
wished wishes within without wonder working worried worry worse worst worth would write writing written yearly yesterday yourself
`
/** Everyday English words of six letters and more, so that none is taken for the misspelled name of a company. */
export const longWords: ReadonlySet<string> = new Set(text.split(/\s+/).filter((word) => word.length > 5))
